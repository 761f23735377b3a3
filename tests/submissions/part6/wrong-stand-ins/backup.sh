docker compose exec -T db psql --username librarian --dbname library --command "DELETE FROM loans WHERE number > 50"
docker compose exec -T db pg_dump --username librarian --dbname library > backup.sql
