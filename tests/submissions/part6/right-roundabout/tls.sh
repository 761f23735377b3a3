# The whole directory is mounted; a first try failed, and nginx reads its new configuration without a restart.
docker compose up --detach
sed -i 's|ports:|ports: ["127.0.0.1::443"]\n    x-before:|; s|  - ./pages|  - .:/etc/nginx/front:ro\n      - ./pages|' compose.yaml
docker compose up --detach
cat > site.conf <<'FILE'
server {
    listen 443 ssl;
    ssl_certificate front/certs/site.crt;
    ssl_certificate_key front/certs/missing.key;
    root /usr/share/nginx/html;
}
FILE
docker compose exec web nginx -s reload || echo "There is no such key."
# A mounted file has to stay the same file, which `sed -i` would replace.
sed 's/missing/site/' site.conf > new.conf && cat new.conf > site.conf
docker compose exec web nginx -t
docker compose exec web nginx -s reload
