password = Path(".env").read_text().split("=")[1].strip()
Path("compose.override.yaml").write_text(f"""
services:
  migrate:
    image: {Path(books).name}-api
    entrypoint: ["python"]
    command: ["/srv/app/migrate.py"]
    environment: ["PGHOST=db", "PGUSER=postgres", "PGPASSWORD={password}"]
    profiles: [migrate]
    depends_on:
      db: {{condition: service_healthy}}
""")
!docker compose run --rm migrate
!docker compose run --rm migrate
!docker compose run --rm migrate
