import json

base = {"services": {"api": {"build": ".", "init": True, "environment": {"TITLE": "${TITLE}"}}}}
Path("compose.yaml").write_text(json.dumps(base))
with Path(".env").open("a") as settings:
    settings.write(f"TITLE={setup.title()}\n")
Path("compose.override.yaml").write_text("""
services:
  api:
    command: ["flask", "--app", "library", "run", "--host", "0.0.0.0", "--port", "8000", "--debug"]
    environment: ["DEBUG=1"]
    ports: ["127.0.0.1::8000"]
    volumes:
      - type: bind
        source: app
        target: /srv/app
""")
Path("compose.production.yaml").write_text("""
services:
  api:
    extends: {file: compose.yaml, service: api}
    restart: unless-stopped
    ports: ["127.0.0.1::8000"]
""")
!docker compose -f compose.production.yaml build --quiet
!docker compose -f compose.production.yaml up --detach
