docker compose up --detach --quiet-build
