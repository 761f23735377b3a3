docker compose up --detach --wait
