docker compose down --volumes --timeout 1
cat > compose.yaml <<'FILE'
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD}
      PGPASSWORD: ${DB_PASSWORD}
    volumes:
      - ./init:/docker-entrypoint-initdb.d:ro
    tmpfs:
      - /var/lib/postgresql/data
    healthcheck:
      test: ["CMD-SHELL", "psql --host localhost --username postgres --command 'SELECT count(*) FROM books'"]
      interval: 1s
      timeout: 2s
      retries: 30
  api:
    build: api
    init: true
    depends_on:
      db: {condition: service_healthy, restart: true}
FILE
docker compose up --detach --wait
