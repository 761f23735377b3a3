docker stop --timeout 1 press-$RUN
docker rm press-$RUN
docker run -d --name press-$RUN -u $(id -u):$(id -g) --mount type=bind,source="$pages",target=/pages press-$RUN
