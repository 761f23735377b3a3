cat > Dockerfile <<'FILE'
FROM nginx
COPY certs /etc/nginx/certs
FILE
sed -i 's|listen 80;|listen 443 ssl; ssl_certificate certs/site.crt; ssl_certificate_key certs/site.key;|' site.conf
sed -i -e 's/image: nginx/build: ./' -e 's/::80"/::443"/' compose.yaml
docker compose up --detach --build --quiet-build
