# gunicorn reads none of these variables.
cat > compose.production.yaml <<'FILE'
services:
  api:
    restart: always
    environment: {WORKERS: "${WORKERS}", LOG_LEVEL: warning}
    deploy: {replicas: "${REPLICAS}", resources: {reservations: {memory: 64M}}}
FILE
docker compose -f compose.yaml -f compose.production.yaml up -d --build --quiet-build
