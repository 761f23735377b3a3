Path("compose.override.yaml").write_text("services: {api: {}}\n")
Path("compose.production.yaml").write_text("""
services:
  api:
    command: gunicorn --bind 0.0.0.0:8000 library:app
    environment:
      DEBUG: "false"
    volumes: []
""")
!docker compose -f compose.yaml -f compose.production.yaml up --detach --quiet-build
