# Development reloads without the debugger; the files of production are named by a variable.
title=$(sed -n 's/.*TITLE: //p' compose.yaml)
cat > compose.yaml <<FILE
x-note: a library
services:
  api:
    build:
      context: .
    init: true
    environment:
      TITLE: "$title"
FILE
cat > compose.override.yaml <<'FILE'
services:
  api:
    entrypoint: [flask, --app, library, run]
    command: [--host=0.0.0.0, --port=8000, --reload]
    environment: {DEBUG: "yes"}
    volumes: [{type: bind, source: ./app, target: /srv/app}]
    ports: [{target: 5000, host_ip: 127.0.0.1}, {target: 8000, host_ip: 127.0.0.1, protocol: tcp}]
FILE
cat > compose.production.yaml <<'FILE'
services:
  api:
    environment: {DEBUG: "false", STAGE: production}
    ports: ["127.0.0.1::8000", "127.0.0.1::5000"]
    restart: unless-stopped
    labels: {stage: production}
    extra_hosts: ["host.docker.internal:host-gateway"]
    tmpfs: [/tmp]
FILE
export COMPOSE_FILE=compose.yaml:compose.production.yaml
docker compose up --detach --build --quiet-build
