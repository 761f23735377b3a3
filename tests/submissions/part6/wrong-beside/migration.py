text = Path("compose.yaml").read_text()
text = text.replace("    init: true\n", """    init: true
    command: sh -c "(sleep 1; python migrate.py) & exec gunicorn --bind 0.0.0.0:8000 library:app"
""", 1)
Path("compose.yaml").write_text(text.replace("services:\n", """services:
  migrate:
    build: .
    environment: *database
    command: python migrate.py
    profiles: [tools]
    depends_on:
      db: {condition: service_healthy}

""", 1))
!docker compose up --detach --wait
!docker compose run --rm migrate
