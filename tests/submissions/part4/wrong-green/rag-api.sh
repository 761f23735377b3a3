sed -i '/6379/d' stores.yaml
cat stores.yaml - > api.yaml <<'END'
  api:
    build: api
    restart: unless-stopped
    environment: {DATABASE_HOST: db, DATABASE_USER: rag, DATABASE_PASSWORD_FILE: /run/secrets/db-password, VECTORS_URL: "http://vectors:6333", CACHE_HOST: cache, CACHE_PASSWORD_FILE: /run/secrets/cache-password}
    secrets: [db-password, cache-password]
END
docker compose --file api.yaml up -d --wait
