Path("compose.override.yaml").write_text("""\
services:
  web:
    networks: [front]
  api:
    environment:
      STORE: services
      DATABASE_HOST: 10.87.3.10
    networks: [front, back]
  db:
    networks:
      back:
        ipv4_address: 10.87.3.10
  cache:
    networks: [back]
  vectors:
    networks: [back]

networks:
  front:
  back:
    internal: true
    ipam:
      config:
        - subnet: 10.87.3.0/24
""")
!docker compose up --detach --wait --wait-timeout 90
