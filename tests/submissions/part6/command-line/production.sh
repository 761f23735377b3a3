. ./.env
cat > compose.production.yaml <<FILE
services:
  api:
    command: ["gunicorn", "--workers", "$WORKERS", "--log-level", "error", "--bind", "0.0.0.0:8000", "library:app"]
    scale: $REPLICAS
    mem_limit: 200m
    restart: unless-stopped
FILE
docker compose -f compose.yaml -f compose.production.yaml up -d --build --quiet-build
