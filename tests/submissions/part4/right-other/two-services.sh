printf 'FROM python:3.13-slim\nWORKDIR /srv\nCOPY app.py .\nENTRYPOINT ["python", "-u"]\nCMD ["app.py"]\n' > Dockerfile
cat > docker-compose.yml <<'FILE'
services:
  cache:
    image: redis:8
    networks: {default: {ipv4_address: 10.78.2.9}}
    healthcheck: {test: redis-cli ping, interval: 1s}
  app:
    build: .
    depends_on: {cache: {condition: service_healthy}}
    ports: ["127.0.0.1:0:8000"]
networks:
  default: {ipam: {config: [{subnet: 10.78.2.0/24}]}}
FILE
docker compose up -d --build
