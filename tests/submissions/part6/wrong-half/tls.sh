sed -i -e 's/::80"/::443"/' -e '/volumes:/a\      - ./certs:/etc/nginx/certs' compose.yaml
sed -i 's|listen 80;|listen 443 ssl; ssl_certificate certs/site.crt; ssl_certificate_key certs/site.key;|' site.conf
docker compose up -d --force-recreate
