# The files are copied into the container; nothing is mounted.
sed -i 's/::80"/::443"/' compose.yaml
docker compose up -d
docker compose cp certs web:/etc/nginx/certs
sed -i 's|listen 80;|listen 443 ssl; ssl_certificate certs/site.crt; ssl_certificate_key certs/site.key;|' site.conf
docker compose restart web
