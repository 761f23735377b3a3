cat > compose.override.yaml <<'FILE'
services:
  web: {networks: [front]}
  api: {networks: [front, back]}
  db: {networks: [back]}
  cache: {networks: [back]}
  vectors: {networks: [back]}
  relay: {image: busybox, init: true, network_mode: "service:api", command: nc -lk -p 5432 -e nc db 5432}
networks:
  front:
  back: {internal: true}
FILE
docker compose up -d --wait
