# It is started like a service; no one-off command was ever run.
sed -i '/^services:/r /dev/stdin' compose.yaml <<'FILE'
  migrate:
    extends:
      service: api
    command: python migrate.py
    ports: !reset []
    profiles: [once]
FILE
docker compose --profile once up --detach migrate
docker compose wait migrate
docker compose rm --force migrate
