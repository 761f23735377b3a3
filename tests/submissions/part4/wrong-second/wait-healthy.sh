sed -i 's/      - db/      db: {condition: service_healthy}/' compose.yaml
cat >> compose.yaml <<'END'
    healthcheck:
      test: ["CMD-SHELL", "exit 0"]
      interval: 1s
END
docker compose up -d
