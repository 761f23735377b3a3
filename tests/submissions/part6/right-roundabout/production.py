Path("compose.production.yaml").write_text("services: {api: {}}\n")
!docker compose up --detach --build --quiet-build
!docker compose -f compose.yaml -f compose.production.yaml up --detach --scale api=2
Path("compose.production.yaml").write_text("""
services:
  api:
    extends: {file: sizes.yaml, service: sized}
    restart: unless-stopped
""")
Path("sizes.yaml").write_text("""
services:
  sized:
    mem_limit: 268435456
    environment: {WEB_CONCURRENCY: "${WORKERS:-1}", GUNICORN_CMD_ARGS: "--log-level=warning"}
    deploy: {replicas: "${REPLICAS:-1}"}
""")
!docker compose -f compose.yaml -f compose.production.yaml up --detach
