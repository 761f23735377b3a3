# Another certificate than the one that is there.
mkdir own
openssl req -x509 -newkey rsa:2048 -noenc -days 9 -subj /CN=own -keyout own/site.key -out own/site.crt 2>/dev/null
sed -i -e 's/::80"/::443"/' -e '/volumes:/a\      - ./own:/etc/nginx/certs:ro' compose.yaml
sed -i 's|listen 80;|listen 443 ssl; ssl_certificate certs/site.crt; ssl_certificate_key certs/site.key;|' site.conf
docker compose up -d --force-recreate
