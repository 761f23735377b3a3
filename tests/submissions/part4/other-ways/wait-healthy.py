Path("compose.override.yaml").write_text("""
services:
  api:
    depends_on:
      db:
        condition: service_healthy
  db:
    healthcheck:
      test: pg_isready -h localhost -U postgres
      interval: 700ms
      retries: 60
""")
!docker compose up -d --force-recreate
