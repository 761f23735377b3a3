docker compose exec -T --user postgres db pg_dump -U librarian -Fc library > backup.sql
