sed -i 's/      - db/      db: {condition: service_healthy}/' compose.yaml
cat >> compose.yaml <<'END'
    healthcheck:
      test: ["CMD-SHELL", "psql --host localhost --username postgres --command 'SELECT 1'"]
      interval: 1s
      retries: 40
END
docker compose up --detach --wait
