docker network create net-$RUN
docker run --detach --name backend-$RUN --network net-$RUN nginx
docker run --detach --init --name caller-$RUN --network net-$RUN --env BACKEND=backend-$RUN caller-$RUN
