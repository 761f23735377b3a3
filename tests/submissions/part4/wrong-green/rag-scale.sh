sed -i 's/^  api:$/&\n    ports: ["8000"]/' compose.override.yaml
docker compose up -d --wait --scale api=3
