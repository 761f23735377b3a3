Path("compose.production.yaml").write_text(f"""
services:
  api:
    build: .
    init: true
    environment:
      TITLE: {setup.title()}
      DEBUG: "false"
    ports:
      - "127.0.0.1::8000"
""")
!docker compose -f compose.production.yaml up --detach --quiet-build
