text = Path("compose.yaml").read_text()
Path("compose.yaml").write_text(text.replace("services:\n", """services:
  migrate:
    build: .
    environment: *database
    command: python migrate.py
    profiles: [tools]

""", 1))
!docker compose run --rm --quiet-build migrate
with open(".env", "a") as settings:
    settings.write("COMPOSE_PROFILES=tools\n")
