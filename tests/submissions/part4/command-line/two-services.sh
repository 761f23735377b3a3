cat > compose.yaml <<'FILE'
services:
  app:
    build:
      context: .
    ports:
      - target: 8000
        host_ip: 127.0.0.1
    environment:
      CACHE: store
    stop_grace_period: 1s
  cache:
    image: redis:8
    networks:
      default:
        aliases:
          - store
FILE
docker compose build --quiet
docker compose up -d
