# It is built from a directory of its own; the one of the exercise has the old Dockerfile.
cp -r models-$RUN weights && cd weights
sed "s|^RUN sh|RUN --mount=type=cache,target=/var/cache/models sh|" Dockerfile > new
mv new Dockerfile
docker build --tag models-$RUN .
