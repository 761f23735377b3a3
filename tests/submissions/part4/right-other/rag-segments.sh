cat > compose.override.yaml <<'FILE'
services:
  web: {networks: [front]}
  api: {networks: [front, one, two, three]}
  db: {networks: [one]}
  cache: {networks: [two]}
  vectors: {networks: [three]}
networks:
  front:
  one: {internal: true}
  two: {internal: true}
  three: {internal: true}
FILE
docker compose up -d --wait
