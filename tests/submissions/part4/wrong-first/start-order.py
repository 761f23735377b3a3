text = Path("compose.yaml").read_text()
Path("compose.yaml").write_text(text.replace("build: api", "build: api\n    command: sh -c 'sleep 30; exec python -u /app.py'"))
!docker compose up --detach
