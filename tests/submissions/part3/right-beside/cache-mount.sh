# Two failed tries before, and the list has grown since: the image is built again.
cd models-$RUN
cat > Dockerfile <<'END'
FROM busybox
WORKDIR /srv
COPY fetch.sh models.txt ./
RUN sh fetch.sh
CMD ["sh", "-c", "head /models/*"]
END
docker build --tag models-$RUN .
cat > Dockerfile <<'END'
FROM busybox
WORKDIR /srv
COPY fetch.sh models.txt ./
RUN --mount=type=cache,target=/root/.cache sh fetch.sh
CMD ["sh", "-c", "head /models/*"]
END
docker build --tag models-$RUN .
cat > Dockerfile <<'END'
FROM busybox
WORKDIR /srv
COPY fetch.sh models.txt ./
RUN --mount=type=cache,target=/var/cache/models,mode=0700 sh fetch.sh
CMD ["sh", "-c", "head /models/*"]
END
docker build --tag models-$RUN .
echo another-$RUN >> models.txt
docker build --tag models-$RUN .
