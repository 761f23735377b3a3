# The one-off runs something else; the migration is carried out in the container of the api.
sed -i '/^services:/r /dev/stdin' compose.yaml <<'FILE'
  migrate:
    build: .
    init: true
    environment: *database
    command: python migrate.py
    profiles: [tools]
    depends_on:
      db: {condition: service_healthy}
FILE
docker compose run --rm --quiet-build migrate true
docker compose exec -T api python migrate.py
