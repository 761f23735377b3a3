cat > compose.yaml <<'FILE'
services:
  cache:
    image: redis:8
    command: redis-server --requirepass ${CACHE_PASSWORD}
    environment:
      REDISCLI_AUTH: ${CACHE_PASSWORD}
    healthcheck:
      test: ["CMD-SHELL", "redis-cli ping | grep -qx PONG"]
FILE
docker compose up -d
