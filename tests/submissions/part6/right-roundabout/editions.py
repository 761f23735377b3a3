title = setup.title()
Path("compose.yaml").write_text(f"""\
services:
  api:
    build: .
    init: true
    environment: ["TITLE={title}"]
    ports: ["127.0.0.1:0:8000"]
""")
Path("compose.override.yaml").write_text("""\
services:
  api:
    command: ["gunicorn", "--reload", "--bind", "0.0.0.0:8000", "library:app"]
    environment: ["DEBUG=on"]
    volumes: ["./app/:/srv/app/:ro"]
""")
Path("compose.production.yaml").write_text("""\
services:
  api:
    environment: ["DEBUG="]
    labels: ["stage=production"]
    mem_limit: 200m
    volumes: ["cache:/var/cache"]
volumes: {cache: {}}
""")
!docker compose up --detach --build --quiet-build --wait
!docker compose down --timeout 1
!docker compose --file compose.yaml --file compose.production.yaml up --detach
