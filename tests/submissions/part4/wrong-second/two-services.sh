docker build --quiet --tag app-$RUN .
docker run --detach --name cache-$RUN redis:8
docker run --detach --init --name app-$RUN --link cache-$RUN:cache --publish 127.0.0.1::8000 app-$RUN
