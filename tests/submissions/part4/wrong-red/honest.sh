cat > compose.yaml <<'FILE'
services:
  cache:
    image: redis:8
    command: redis-server --requirepass ${CACHE_PASSWORD}
    healthcheck: {test: redis-cli ping | grep -q PONG, interval: 1s}
FILE
docker compose up -d
