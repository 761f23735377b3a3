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
      - ./app:/srv/app
FILE
cat > compose.production.yaml <<'FILE'
services:
  api:
    environment:
      DEBUG: "false"
    volumes:
      - ./migrations:/srv/later:ro
FILE
docker compose -f compose.yaml -f compose.production.yaml up --detach --quiet-build
