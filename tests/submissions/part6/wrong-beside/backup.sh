docker compose exec -T db pg_dump --username librarian --dbname library --schema-only > backup.sql
