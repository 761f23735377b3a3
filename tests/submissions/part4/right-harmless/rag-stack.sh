cat start.yaml - > compose.yaml <<'FILE'
  cache:
    image: redis:8
    labels: {team: blue}
    healthcheck: {test: ["CMD-SHELL", "redis-cli ping | grep -q PONG"], <<: *often}
  vectors:
    image: qdrant/qdrant:v1.19.0
    volumes: ["vectors-data:/qdrant/storage"]
    healthcheck: {test: *vectors-ready, <<: *often}
    depends_on:
      db: {condition: service_healthy}
      cache: {condition: service_healthy}
  api:
    build: api
    init: true
    environment: {DATABASE_HOST: db, DATABASE_USER: rag, DATABASE_PASSWORD_FILE: /run/secrets/db-password, VECTORS_URL: "http://vectors:6333", CACHE_HOST: cache, COLOUR: blue}
    secrets: [db-password]
    extra_hosts: ["host.docker.internal:host-gateway"]
    depends_on: {vectors: {condition: service_healthy}}
  web:
    image: nginx
    ports: ["127.0.0.1:${WEB_PORT}:80", "127.0.0.1::70"]
    volumes: ["./web/rag.conf:/etc/nginx/conf.d/default.conf:ro", "./notes.json:/notes.json:ro"]
    depends_on: {api: {condition: service_healthy}}
    healthcheck: {test: ["CMD", "curl", "-fs", "http://127.0.0.1/health"], interval: 30s, start_period: 30s, start_interval: 1s}
FILE
docker compose up -d --build --quiet-build --wait
