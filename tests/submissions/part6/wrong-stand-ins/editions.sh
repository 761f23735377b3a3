title=$(sed -n 's/.*TITLE: //p' compose.yaml)
cat > compose.yaml <<FILE
services:
  api:
    build: .
    init: true
    environment:
      TITLE: $title
    ports:
      - "8000"
FILE
cat > compose.override.yaml <<'FILE'
services:
  api:
    environment:
      DEBUG: "true"
    volumes:
      - ./app:/srv/app
FILE
cat > compose.production.yaml <<'FILE'
services:
  api:
    command: gunicorn --bind 0.0.0.0:8000 library:app
FILE
docker compose -f compose.yaml -f compose.production.yaml up --detach --quiet-build
