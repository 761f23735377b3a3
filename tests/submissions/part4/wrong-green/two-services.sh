cat > compose.yaml <<'FILE'
services:
  app:
    build: .
    init: true
    ports: ["8000"]
  cache:
    image: redis:8
FILE
docker compose up -d
