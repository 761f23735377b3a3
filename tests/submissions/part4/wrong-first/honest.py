text = Path("compose.yaml").read_text()
Path("compose.yaml").write_text(text.replace(" --requirepass ${CACHE_PASSWORD}", ""))
!docker compose up --detach --wait
