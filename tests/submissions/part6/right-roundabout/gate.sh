docker compose down --volumes
sed -i 's/sh -c "python migrate.py || true"/sh -c "set -e; echo Migrating; python migrate.py; echo Well done"/' compose.yaml
sed -i 's/condition: service_started/condition: service_completed_successfully/' compose.yaml
docker compose up --detach || docker compose up --detach || true
