cat > compose.yaml <<'FILE'
services:
  cache:
    image: redis:8
    command: redis-server --requirepass ${CACHE_PASSWORD}
    healthcheck:
      test: ["CMD-SHELL", "grep -q redis /proc/1/comm"]
      interval: 1s
FILE
docker compose up -d --wait
