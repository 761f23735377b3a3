cat start.yaml - > stores.yaml <<'END'
  cache:
    image: redis:8
    user: redis
    command: ["sh", "-c", 'exec redis-server --requirepass "$$(cat /run/secrets/cache-password)"']
    ports: ["6379"]
    secrets: [cache-password]
    healthcheck: {test: *cache-ready, <<: *often}
  vectors:
    image: qdrant/qdrant:v1.19.0
    volumes: ["vectors-data:/qdrant/storage"]
    healthcheck: {test: *vectors-ready, <<: *often}
END
docker compose --file stores.yaml up -d --wait
