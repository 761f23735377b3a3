cat > compose.override.yaml <<'FILE'
# The base starts development already.
services: {api: {}}
FILE
cat > compose.production.yaml <<'FILE'
services:
  api:
    command: !reset null
    environment:
      DEBUG: "false"
    volumes: !reset []
FILE
docker compose -f compose.yaml -f compose.production.yaml up -d --build --quiet-build
