printf 'requirepass %s\n' "$(cat cache-password.txt)" > cache.conf
chmod a+r cache.conf
cat > stores.yaml <<'END'
include: [start.yaml]
services:
  cache:
    image: redis:8
    command: /cache.conf
    configs: [{source: settings, target: /cache.conf}]
    secrets: [cache-password]
    healthcheck:
      test: 'redis-cli -e --no-auth-warning -a "$$(cat /run/secrets/cache-password)" ping'
      interval: 1s
  vectors:
    image: qdrant/qdrant:v1.19.0
    volumes: [numbers:/qdrant/storage]
    healthcheck:
      test: [CMD, bash, -c, "printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' > /dev/tcp/127.0.0.1/6333"]
      interval: 1s
configs: {settings: {file: cache.conf}}
volumes: {numbers: {}}
END
docker compose -f stores.yaml up -d
