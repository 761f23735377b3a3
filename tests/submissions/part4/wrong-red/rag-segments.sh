cat > compose.override.yaml <<'FILE'
services:
  web: {networks: [front]}
  api: {networks: [front, back]}
  db: {networks: [back]}
  cache: {networks: [back]}
  vectors: {networks: [back]}
networks:
  front:
  back: {internal: true}
FILE
docker compose up -d --wait
project=$(basename "$PWD")
docker run -d --init --name look-$RUN --network ${project}_front busybox sleep infinity
docker network connect ${project}_back look-$RUN
