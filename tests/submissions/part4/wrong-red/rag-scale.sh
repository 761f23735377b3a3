docker rm --force look-$RUN
docker compose up -d --wait --scale api=3
docker network disconnect $(basename "$PWD")_front $(basename "$PWD")-api-2
