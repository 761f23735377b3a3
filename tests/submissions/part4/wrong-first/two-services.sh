docker build --quiet --tag app-$RUN .
docker network create net-$RUN
docker run --detach --name cache-$RUN --network net-$RUN --network-alias cache redis:8
docker run --detach --init --name app-$RUN --network net-$RUN --publish 127.0.0.1::8000 app-$RUN
