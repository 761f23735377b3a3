docker compose exec -T db pg_dump --username librarian --dbname library > backup.sql
docker compose exec -T db psql --username librarian --dbname library --command "UPDATE loans SET due = due + 7"
