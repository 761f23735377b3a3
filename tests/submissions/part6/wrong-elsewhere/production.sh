cat > compose.production.yaml <<'FILE'
services:
  api:
    restart: unless-stopped
    environment: {WEB_CONCURRENCY: "${WORKERS}", GUNICORN_CMD_ARGS: "--log-level critical"}
    deploy: {replicas: "${REPLICAS}", resources: {limits: {memory: 256M}}}
FILE
docker compose -f compose.yaml -f compose.production.yaml up -d --build --quiet-build
