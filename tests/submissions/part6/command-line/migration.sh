sed -i '/^services:/r /dev/stdin' compose.yaml <<'FILE'
  migrate:
    extends:
      service: api
    command: python migrate.py
    profiles: [once]
FILE
docker compose --profile once run --rm --build migrate
