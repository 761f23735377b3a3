cat > compose.production.yaml <<'FILE'
services:
  api:
    environment: {WEB_CONCURRENCY: "${WORKERS}", GUNICORN_CMD_ARGS: "--log-level warning"}
    deploy:
      replicas: ${REPLICAS}
      restart_policy: {condition: any}
      resources: {limits: {memory: 1G}}
FILE
docker compose -f compose.yaml -f compose.production.yaml up -d --build --quiet-build
