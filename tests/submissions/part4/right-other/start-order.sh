cat > compose.override.yaml <<'FILE'
services:
  api:
    depends_on: !override [gate]
  gate:
    image: busybox
    init: true
    command: sleep infinity
    depends_on: {db: {condition: service_healthy}}
  db:
    healthcheck:
      test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/5432"]
      interval: 4s
      timeout: 10s
      retries: 20
FILE
docker compose up -d
