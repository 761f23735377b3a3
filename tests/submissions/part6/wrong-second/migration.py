text = Path("compose.yaml").read_text()
Path("compose.yaml").write_text(text.replace("services:\n", """services:
  migrate:
    build: .
    environment: *database
    command: python migrate.py
    profiles: [tools]
    depends_on:
      db: {condition: service_healthy}
""", 1))
!docker compose run migrate
