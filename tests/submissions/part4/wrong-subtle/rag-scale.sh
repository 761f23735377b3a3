sed -i 's/api: {networks: \[back\]}/api: {networks: [front, back]}/' compose.override.yaml
cat > web/rag.conf <<'FILE'
upstream all {
    server api:8000 max_fails=0;
}
server {
    listen 80;
    location / {
        proxy_pass http://all;
        proxy_next_upstream off;
        proxy_connect_timeout 2s;
    }
}
FILE
docker compose up -d --wait --scale api=3
docker compose restart web
