docker compose scale api=3
