Path("compose.override.yaml").write_text("""
services:
  api:
    depends_on:
      migrate: {condition: service_completed_successfully}
  migrate:
    command: sh -c "python migrate.py || exit 3"
""")
!docker compose down --volumes
!docker compose up --detach --wait
