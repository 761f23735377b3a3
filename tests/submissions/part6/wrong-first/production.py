Path("compose.production.yaml").write_text("""
services:
  api:
    restart: unless-stopped
    environment: {WEB_CONCURRENCY: "${WORKERS}", GUNICORN_CMD_ARGS: "--log-level warning"}
    deploy: {replicas: "${REPLICAS}", resources: {limits: {memory: 256M}}}
""")
!docker compose up --detach --build --quiet-build
