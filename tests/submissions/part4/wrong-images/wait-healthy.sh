cat > fake.py <<'FILE'
import socketserver

socketserver.ThreadingTCPServer(("0.0.0.0", 5432), socketserver.BaseRequestHandler).serve_forever()
FILE
cat > compose.yaml <<'FILE'
services:
  api:
    build: api
    init: true
    depends_on: {db: {condition: service_healthy}}
  db:
    image: python:3.13-slim
    init: true
    command: python /fake.py
    volumes: ["./fake.py:/fake.py:ro"]
    healthcheck: {test: ["CMD", "python", "-c", "import socket; socket.create_connection(('127.0.0.1', 5432))"], interval: 1s, retries: 30}
FILE
docker compose up -d
