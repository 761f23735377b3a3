docker compose exec -T db pg_dump --username root --dbname library > backup.sql
