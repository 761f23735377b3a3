cat > ask.sh <<'FILE'
#!/bin/sh
answer=$(redis-cli --no-auth-warning -a "$WORD" ECHO "how are you")
[ "$answer" = "how are you" ]
FILE
cat > compose.yaml <<'FILE'
services:
  cache:
    image: redis:8
    command: redis-server --requirepass ${CACHE_PASSWORD}
    environment: {WORD: "${CACHE_PASSWORD}"}
    volumes: ["./ask.sh:/ask.sh:ro"]
    healthcheck: {test: sh /ask.sh, interval: 7s, timeout: 2s, retries: 1}
FILE
docker compose up -d
