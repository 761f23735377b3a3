docker rm --force clock-$RUN
docker image prune --all --force --filter $attic
