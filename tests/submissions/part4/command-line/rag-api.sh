cat > api.env <<'END'
DATABASE_HOST=db
DATABASE_USER=rag
DATABASE_PASSWORD_FILE=/run/secrets/db-password
VECTORS_URL=http://vectors:6333/
CACHE_HOST=cache
CACHE_PASSWORD_FILE=/run/secrets/cache-password
END
cat > api.yaml <<'END'
services:
  api:
    build: ./api
    restart: always
    env_file: api.env
    secrets: [db-password, cache-password]
    depends_on:
      db: {condition: service_healthy}
      cache: {condition: service_healthy}
      vectors: {condition: service_healthy}
END
docker compose -f stores.yaml -f api.yaml up -d
