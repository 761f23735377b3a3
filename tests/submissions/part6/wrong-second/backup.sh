docker compose exec -T db pg_dump --username librarian --dbname postgres > backup.sql
