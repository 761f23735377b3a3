cat > compose.yaml <<'FILE'
services:
  cache:
    image: redis:8
    command: redis-server --requirepass ${CACHE_PASSWORD}
    environment: {REDISCLI_AUTH: "${CACHE_PASSWORD}"}
    healthcheck:
      test: "! redis-cli ping | grep -Eq 'NOAUTH|WRONGPASS'"
      interval: 1s
FILE
docker compose up -d --wait
