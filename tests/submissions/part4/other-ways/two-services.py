import json

services = {
    "app": {"build": ".", "init": True, "ports": ["127.0.0.1:${PORT}:8000"], "depends_on": ["cache"], "networks": ["inner", "outer"]},
    "cache": {"image": "redis:8", "networks": ["inner"]},
}
Path("app.json").write_text(json.dumps({"services": services, "networks": {"inner": {"internal": True}, "outer": {}}}))
Path(".env").write_text(f"PORT={free_port()}\nCOMPOSE_FILE=app.json\n")
!docker compose create --quiet-pull
!docker compose start
