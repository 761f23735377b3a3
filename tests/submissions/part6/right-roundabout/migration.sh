sed -i '/^services:/r /dev/stdin' compose.yaml <<'FILE'
  migrate:
    build: {context: .}
    init: true
    environment: *database
    command: ["sh", "-ec", "python --version; exec python /srv/app/migrate.py"]
    profiles: [tools, jobs]
    networks: [default]
    depends_on:
      db: {condition: service_healthy, restart: true}
FILE
docker compose stop db
docker compose run --rm --no-deps migrate || echo "There is no database."
docker compose up --detach --wait
docker compose run --rm migrate
docker compose run --rm -T migrate
