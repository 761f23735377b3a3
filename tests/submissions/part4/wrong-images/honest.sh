cat > compose.yaml <<'FILE'
services:
  cache:
    build:
      context: .
      dockerfile_inline: |
        FROM redis:8
        RUN touch /something-else
    command: redis-server --requirepass ${CACHE_PASSWORD}
    environment: {REDISCLI_AUTH: "${CACHE_PASSWORD}"}
    healthcheck: {test: redis-cli ping | grep -q PONG, interval: 1s}
FILE
docker compose up -d
