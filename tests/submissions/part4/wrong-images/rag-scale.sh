docker compose stop relay
docker compose --file compose.yaml up -d --wait --scale api=3
