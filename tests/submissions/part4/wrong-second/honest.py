text = Path("compose.yaml").read_text()
Path("compose.yaml").write_text(text + "    environment: {REDISCLI_AUTH: '${CACHE_PASSWORD}'}\n")
!docker compose up --detach --wait
