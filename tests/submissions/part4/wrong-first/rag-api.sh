cat stores.yaml - > api.yaml <<'END'
  api:
    build: api
    environment: {DATABASE_HOST: db, DATABASE_USER: rag, DATABASE_PASSWORD_FILE: /run/secrets/db-password, VECTORS_URL: "http://vectors:6333", CACHE_HOST: cache}
    secrets: [db-password]
    depends_on: {db: {condition: service_healthy}, cache: {condition: service_healthy}, vectors: {condition: service_healthy}}
END
docker compose --file api.yaml up -d --wait
