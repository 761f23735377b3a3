# It waits for the database through a job that ends when the database is healthy; a first try failed.
cat > compose.override.yaml <<'FILE'
services:
  ready:
    image: busybox
    command: "true"
    profiles: [tools]
    depends_on:
      db: {condition: service_healthy}
  migrate:
    build: .
    environment: {PGHOST: db, PGUSER: postgres, PGPASSWORD: "${DB_PASSWORD}", LANG: C.UTF-8}
    command: [python, migrate.py]
    profiles: [tools]
    labels: {kind: job}
    depends_on:
      ready: {condition: service_completed_successfully}
FILE
docker compose run --rm --quiet-build migrate python nothing.py || echo "The first try failed."
docker compose run --rm migrate
docker compose run --name tidy-$RUN migrate
docker rm tidy-$RUN
docker compose rm --force --stop ready
