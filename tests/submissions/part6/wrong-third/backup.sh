docker compose exec -T db tar -c -C /var/lib/postgresql/data . > backup.sql
