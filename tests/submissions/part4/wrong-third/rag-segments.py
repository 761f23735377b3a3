Path("compose.override.yaml").write_text("""\
services:
  web:
    networks: [front]
  api:
    networks: [front, back]
  db:
    networks: [back]
  cache:
    networks: [back]
  vectors:
    networks: [back]

networks:
  front:
  back:
""")
!docker compose up --detach --wait --wait-timeout 90
