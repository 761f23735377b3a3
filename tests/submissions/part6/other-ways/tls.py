Path("site.conf").write_text("""
server { listen 80; return 301 https://$host$request_uri; }
server {
    listen 443 ssl;
    ssl_certificate /run/secrets/crt;
    ssl_certificate_key /run/secrets/key;
    root /usr/share/nginx/html;
}
""")
Path("compose.override.yaml").write_text("""
services:
  web:
    ports: ["127.0.0.1::443"]
    secrets: [crt, key]
secrets:
  crt: {file: certs/site.crt}
  key: {file: ./certs/site.key}
""")
!docker compose up --detach --force-recreate
