printf '# Counts visits.\n\n' | cat - Dockerfile > new && mv new Dockerfile && sed -i 's/$/\r/' Dockerfile
cat > compose.yaml <<'FILE'
x-note: nothing of this matters
services:
  app:
    build: {context: ., labels: {team: blue}}
    init: true
    labels: {team: blue}
    environment: {COLOUR: blue}
    extra_hosts: ["host.docker.internal:host-gateway"]
    networks: [default, more]
    ports:
      - "127.0.0.1::8000"
      - "127.0.0.1::5000"
    healthcheck:
      test: ["CMD", "python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000')"]
      interval: 3s
  cache:
    image: redis:8
    labels: {team: blue}
    volumes: [kept:/data]
networks: {more: {}}
volumes: {kept: {}}
FILE
docker compose up -d
