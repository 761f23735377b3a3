Path("compose.override.yaml").write_text("""
services:
  api:
    depends_on:
      db: {condition: service_healthy}
  db:
    healthcheck:
      test: ["CMD", "pg_isready", "--username", "postgres"]
      interval: 500ms
      retries: 30
""")
!docker compose up --detach
!sleep 4
