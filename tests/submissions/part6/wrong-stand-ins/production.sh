# Threads are no workers.
cat > compose.production.yaml <<'FILE'
services:
  api:
    restart: unless-stopped
    environment: {GUNICORN_CMD_ARGS: "--threads ${WORKERS} --log-level warning"}
    deploy: {replicas: "${REPLICAS}", resources: {limits: {memory: 256M}}}
FILE
docker compose -f compose.yaml -f compose.production.yaml up -d --build --quiet-build
