import json

sizes = dict(line.split("=") for line in Path(".env").read_text().split())
api = {
    "environment": {"GUNICORN_CMD_ARGS": f"--workers={sizes['WORKERS']} --log-level=warning", "DEBUG": "no"},
    "deploy": {"replicas": int(sizes["REPLICAS"]), "resources": {"limits": {"memory": "128M", "cpus": "0.5"}}},
    "restart": "unless-stopped",
}
Path("compose.production.yaml").write_text(json.dumps({"services": {"api": api}}))
!docker compose -f compose.yaml -f compose.production.yaml build --quiet
!docker compose -f compose.yaml -f compose.production.yaml up --detach
