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
    init: true
    environment: {DATABASE_HOST: db, DATABASE_USER: rag, DATABASE_PASSWORD_FILE: /run/secrets/db-password, VECTORS_URL: "http://vectors:6333", CACHE_HOST: cache}
    secrets: [db-password]
    depends_on: {vectors: {condition: service_healthy}, db: {condition: service_healthy}, cache: {condition: service_healthy}}
  web:
    image: nginx
    ports: ["127.0.0.1:${WEB_PORT}:80"]
    volumes: ["./web/rag.conf:/etc/nginx/conf.d/default.conf:ro"]
    depends_on: {api: {condition: service_healthy}}
    healthcheck: {test: ["CMD", "curl", "-fs", "http://api:8000/health"], <<: *often}
FILE
docker compose up -d --build --quiet-build --wait
