sed -i 's/      - db/      db: {condition: service_healthy}/' compose.yaml
cat >> compose.yaml <<'END'
    healthcheck:
      test: ["CMD", "pg_isready", "--port", "5433"]
      interval: 1s
      retries: 2
END
docker compose up -d
