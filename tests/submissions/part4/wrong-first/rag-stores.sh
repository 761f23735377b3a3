cat start.yaml - > stores.yaml <<'END'
  cache:
    image: redis:8
    healthcheck: {test: redis-cli ping | grep -q PONG, <<: *often}
  vectors:
    image: qdrant/qdrant:v1.19.0
    volumes: ["vectors-data:/qdrant/storage"]
    healthcheck: {test: *vectors-ready, <<: *often}
END
docker compose --file stores.yaml up -d --wait
