Path("compose.override.yaml").write_text("""\
services:
  web:
    networks: [street]
  api:
    networks: [street]
  db:
    networks: [street]
  cache:
    networks: [street]
  vectors:
    networks: [street]

networks:
  street:
""")
!docker compose up --detach --wait --wait-timeout 90
