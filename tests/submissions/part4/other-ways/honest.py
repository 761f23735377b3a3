Path("compose.yaml").write_text("""
services:
  cache:
    image: redis:8
    command: ["redis-server", "--requirepass", "${CACHE_PASSWORD}"]
    environment: ["WORD=${CACHE_PASSWORD}"]
    healthcheck:
      test: redis-cli -e --no-auth-warning -a "$$WORD" ping
      interval: 30s
      start_period: 20s
      start_interval: 500ms
""")
!docker compose down
!docker compose up --detach --wait
