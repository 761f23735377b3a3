cat > compose.production.yaml <<'FILE'
services:
  api:
    restart: unless-stopped
    environment: {WEB_CONCURRENCY: "${WORKERS}", GUNICORN_CMD_ARGS: "--log-level warning"}
    mem_limit: 256m
FILE
. ./.env
docker compose -f compose.yaml -f compose.production.yaml up --detach --build --quiet-build --scale api=$REPLICAS
