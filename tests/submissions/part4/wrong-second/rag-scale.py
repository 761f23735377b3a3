override = Path("compose.override.yaml")
port = free_port()
override.write_text(override.read_text().replace("  api:\n", f"""  api:
    ports:
      - "127.0.0.1:{port}:8000"
""", 1))
!docker compose up --detach --wait --wait-timeout 60 --scale api=3
