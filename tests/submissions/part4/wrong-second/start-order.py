Path("compose.override.yaml").write_text("""
services:
  api:
    depends_on:
      db: {condition: service_healthy}
  db:
    healthcheck:
      test: ["CMD-SHELL", "exit 0"]
      interval: 500ms
""")
!docker compose up --detach
!sleep 5
!docker compose up --detach
