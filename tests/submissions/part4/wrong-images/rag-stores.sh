cat start.yaml - > stores.yaml <<'END'
  cache:
    build:
      context: .
      dockerfile_inline: |
        FROM redis:8
        RUN touch /something-else
    user: redis
    command: ["sh", "-c", 'exec redis-server --requirepass "$$(cat /run/secrets/cache-password)"']
    secrets: [cache-password]
    healthcheck: {test: *cache-ready, <<: *often}
  vectors:
    image: qdrant/qdrant:v1.19.0
    volumes: ["vectors-data:/qdrant/storage"]
    healthcheck: {test: *vectors-ready, <<: *often}
END
docker compose --file stores.yaml up -d --quiet-build --wait
