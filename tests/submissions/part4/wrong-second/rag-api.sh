cat stores.yaml - > api.yaml <<'END'
  api:
    build: api
    restart: always
    environment: {STORE: memory}
    depends_on: {db: {condition: service_healthy}, cache: {condition: service_healthy}, vectors: {condition: service_healthy}}
END
docker compose --file api.yaml up -d --wait
