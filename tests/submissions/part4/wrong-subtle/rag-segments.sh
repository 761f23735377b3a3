cat > compose.override.yaml <<'FILE'
services:
  web: {networks: [front]}
  api: {networks: [back]}
  db: {networks: [back]}
  cache: {networks: [back]}
  other: {networks: [back]}
  vectors: {networks: [back]}
networks:
  front:
  back: {internal: true}
FILE
docker compose up -d --wait --wait-timeout 30
