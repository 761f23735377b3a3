cat > compose.override.yaml <<'FILE'
services:
  api:
    depends_on: {db: {condition: service_healthy}}
  db:
    healthcheck: {test: ["CMD", "pg_isready", "--host", "127.0.0.1", "--port", "5433"], interval: 1s, retries: 3}
FILE
docker compose up -d || true
