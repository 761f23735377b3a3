docker compose exec -T db pg_dump --username librarian --dbname library --clean --create --format=tar > backup.sql
