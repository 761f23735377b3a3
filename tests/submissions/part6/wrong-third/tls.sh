sed -i -e 's/127.0.0.1::80"/443"/' -e '/volumes:/a\      - ./certs:/etc/nginx/certs:ro' compose.yaml
sed -i 's|listen 80;|listen 443 ssl; ssl_certificate certs/site.crt; ssl_certificate_key certs/site.key;|' site.conf
docker compose up -d --force-recreate
