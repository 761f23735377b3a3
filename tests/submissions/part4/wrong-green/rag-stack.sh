cat start.yaml - > compose.yaml <<'FILE'
  cache:
    image: redis:8
    healthcheck: {test: ["CMD-SHELL", "redis-cli ping | grep -q PONG"], <<: *often}
  vectors:
    image: qdrant/qdrant:v1.19.0
    volumes: ["vectors-data:/qdrant/storage"]
    healthcheck: {test: *vectors-ready, <<: *often}
  api:
    build: api
    restart: always
    environment: {DATABASE_HOST: db, DATABASE_USER: rag, DATABASE_PASSWORD_FILE: /run/secrets/db-password, VECTORS_URL: "http://vectors:6333", CACHE_HOST: cache}
    secrets: [db-password]
  web:
    image: nginx
    ports: ["127.0.0.1:${WEB_PORT}:80"]
    volumes: ["./web/rag.conf:/etc/nginx/conf.d/default.conf:ro"]
    healthcheck: {test: ["CMD", "curl", "-fs", "http://127.0.0.1/health"], <<: *often}
FILE
docker compose up -d --build --quiet-build
docker compose up -d --wait
