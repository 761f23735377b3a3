sed -i 's/^  api: {/  api: {deploy: {replicas: 3}, /' compose.override.yaml
docker compose up -d --wait
