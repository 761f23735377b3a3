cp compose.yaml compose.override.yaml
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
echo 'services: {api: {environment: {DEBUG: "false"}}}' > compose.production.yaml
docker compose -f compose.yaml -f compose.production.yaml up --detach --quiet-build
