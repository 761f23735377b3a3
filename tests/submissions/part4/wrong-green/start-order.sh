cat > compose.override.yaml <<'FILE'
services:
  api:
    depends_on: {db: {condition: service_healthy}}
  db:
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U postgres"]
      interval: 10s
      timeout: 5s
      retries: 5
FILE
docker compose up -d
