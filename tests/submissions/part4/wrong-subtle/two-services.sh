cat > compose.yaml <<'FILE'
services:
  app:
    build: .
    init: true
    environment: {CACHE: 10.79.5.6}
    ports: ["127.0.0.1::8000"]
  cache:
    image: redis:8
    networks: {default: {ipv4_address: 10.79.5.6}}
networks:
  default: {ipam: {config: [{subnet: 10.79.5.0/24}]}}
FILE
docker compose up -d
