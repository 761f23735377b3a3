cat start.yaml - > compose.yaml <<'FILE'
  cache:
    image: redis:8
    healthcheck: {test: ["CMD-SHELL", "redis-cli ping | grep -q PONG"], <<: *often}
  other:
    image: redis:8
    healthcheck: {test: ["CMD-SHELL", "redis-cli ping | grep -q PONG"], <<: *often}
  vectors:
    image: qdrant/qdrant:v1.19.0
    volumes: ["vectors-data:/qdrant/storage"]
    healthcheck: {test: *vectors-ready, <<: *often}
  api:
    build: api
    environment: {DATABASE_HOST: db, DATABASE_USER: rag, DATABASE_PASSWORD_FILE: /run/secrets/db-password, VECTORS_URL: "http://vectors:6333", CACHE_HOST: other}
    secrets: [db-password]
    depends_on: {db: {condition: service_healthy}, cache: {condition: service_healthy}, vectors: {condition: service_healthy}}
  web:
    image: nginx
    ports: ["127.0.0.1:${WEB_PORT}:80"]
    volumes: ["./web/rag.conf:/etc/nginx/conf.d/default.conf:ro"]
    depends_on: {api: {condition: service_healthy}}
    healthcheck: {test: ["CMD-SHELL", "exit 0"], <<: *often}
FILE
docker compose up -d --build --quiet-build --wait
