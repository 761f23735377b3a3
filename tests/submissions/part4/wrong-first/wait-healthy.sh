cat >> compose.yaml <<'END'
    healthcheck:
      test: ["CMD", "pg_isready", "--username", "postgres"]
      interval: 1s
END
docker compose up -d
