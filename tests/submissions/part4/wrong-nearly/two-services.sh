cat > compose.yaml <<'FILE'
services:
  app:
    build: .
    ports: ["127.0.0.1::8000"]
  cache:
    image: redis:8
  door:
    image: busybox
    init: true
    command: nc -lk -p 80 -e nc app 8000
    ports: ["80"]
FILE
docker compose up -d
