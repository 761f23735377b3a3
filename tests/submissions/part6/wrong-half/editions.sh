title=$(sed -n 's/.*TITLE: //p' compose.yaml)
cat > compose.yaml <<FILE
services:
  api:
    build: .
    init: true
    environment:
      TITLE: $title
    ports:
      - "127.0.0.1::8000"
FILE
cat > compose.override.yaml <<'FILE'
services:
  api:
    command: flask --app library run --host 0.0.0.0 --port 8000 --debug
    environment:
      DEBUG: "true"
    volumes:
      - ./migrations:/srv/app/migrations
FILE
echo 'services: {api: {environment: {DEBUG: "false"}}}' > compose.production.yaml
docker compose -f compose.yaml -f compose.production.yaml up --detach --quiet-build
