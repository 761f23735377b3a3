cat > compose.yml <<'END'
services:
  web:
    build:
      context: web
      dockerfile_inline: |
        FROM nginx
        COPY rag.conf /etc/nginx/conf.d/default.conf
    ports:
      - target: 80
        published: ${WEB_PORT}
        host_ip: 127.0.0.1
    depends_on:
      api: {condition: service_healthy}
    healthcheck: {test: curl -fs http://127.0.0.1/health, interval: 1s}

  api:
    build: ./api
    env_file: api.env
    secrets: [db-password]
    depends_on:
      db: {condition: service_healthy}
      cache: {condition: service_healthy}
      vectors: {condition: service_healthy}

  db:
    image: postgres:17
    environment:
      - POSTGRES_USER=librarian
      - POSTGRES_DB=library
      - POSTGRES_PASSWORD_FILE=/run/secrets/db-password
    secrets: [db-password]
    volumes:
      - type: volume
        source: books
        target: /var/lib/postgresql/data
    healthcheck: {test: pg_isready -h 127.0.0.1 -U librarian, interval: 1s, retries: 30}

  cache:
    image: redis:8
    command: redis-server --save ""
    healthcheck: {test: redis-cli ping | grep -q PONG, interval: 1s}

  vectors:
    image: qdrant/qdrant:v1.19.0
    volumes: [numbers:/qdrant/storage]
    healthcheck:
      test: [CMD, bash, -c, "printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' > /dev/tcp/127.0.0.1/6333"]
      interval: 1s

secrets:
  db-password: {file: ./db-password.txt}
volumes: {books: {}, numbers: {}}
END
cat > api.env <<'END'
DATABASE_HOST=db
DATABASE_USER=librarian
DATABASE_NAME=library
DATABASE_PASSWORD_FILE=/run/secrets/db-password
VECTORS_URL=http://vectors:6333/
CACHE_HOST=cache
END
docker compose build --quiet
docker compose up -d --wait
