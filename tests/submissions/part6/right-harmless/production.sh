# Without docker-init, and with a proxy's needs beside.
cat > compose.production.yaml <<'FILE'
x-note: for the server
services:
  api:
    init: false
    restart: unless-stopped
    environment: [WEB_CONCURRENCY=$WORKERS, GUNICORN_CMD_ARGS=--log-level warning --timeout 60]
    labels: {stage: production}
    tmpfs: [/tmp]
    volumes: ["scratch:/var/cache"]
    deploy: {replicas: "${REPLICAS}", resources: {limits: {memory: 256m, pids: 100}}}
volumes: {scratch: {}}
FILE
export COMPOSE_FILE=compose.yaml:compose.production.yaml
docker compose up --detach --build --quiet-build --wait
