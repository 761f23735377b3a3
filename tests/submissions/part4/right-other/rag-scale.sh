docker compose up -d --wait --no-recreate --scale api=3
