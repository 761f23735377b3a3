# The api waits for a job that waits for the migration.
docker compose down
sed -i 's/sh -c "python migrate.py || true"/python -u migrate.py/' compose.yaml
cat > compose.override.yaml <<'FILE'
services:
  sign:
    image: busybox
    command: echo The tables are there.
    depends_on:
      migrate: {condition: service_completed_successfully}
  api:
    restart: unless-stopped
    labels: {waits: "yes"}
    depends_on:
      sign: {condition: service_completed_successfully}
FILE
docker compose up || echo "It failed, as it should."
docker compose up --detach db
