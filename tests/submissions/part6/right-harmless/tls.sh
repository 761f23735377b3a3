# The page is built into an image; key and certificate are mounted one by one, and there is a second port for http.
cat > Dockerfile <<'FILE'
FROM nginx
COPY pages /usr/share/nginx/html
FILE
echo certs > .dockerignore
cat > site.conf <<'FILE'
server {
    listen 80;
    listen 443 ssl;
    http2 on;
    ssl_certificate /etc/ssl/site.crt;
    ssl_certificate_key /etc/ssl/site.key;
    root /usr/share/nginx/html;
}
FILE
cat > compose.yaml <<'FILE'
services:
  web:
    build: .
    labels: {stage: trial}
    ports: ["127.0.0.1::80", "127.0.0.1::443"]
    volumes:
      - {type: bind, source: ./certs/site.crt, target: /etc/ssl/site.crt, read_only: true}
      - {type: bind, source: ./certs/site.key, target: /etc/ssl/site.key, read_only: true}
      - ./site.conf:/etc/nginx/conf.d/default.conf:ro
FILE
docker compose up --detach --build --quiet-build
