cat > compose.override.yaml <<'FILE'
services:
  web: {networks: [front]}
  api:
    networks: [front, back]
    environment: {VECTORS_URL: "http://10.79.4.7:6333"}
  db: {networks: [back]}
  cache: {networks: [back]}
  vectors: {networks: {back: {ipv4_address: 10.79.4.7}}}
networks:
  front:
  back: {internal: true, ipam: {config: [{subnet: 10.79.4.0/24}]}}
FILE
docker compose up -d --wait
