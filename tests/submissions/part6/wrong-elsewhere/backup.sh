docker compose exec -T db psql --username librarian --dbname library --command "TABLE loans" > backup.sql
