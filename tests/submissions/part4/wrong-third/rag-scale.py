import json
import subprocess

told = subprocess.run(["docker", "compose", "config", "--format", "json"], capture_output=True, text=True, check=True)
described = json.loads(told.stdout)
api = described["services"]["api"]
api["networks"]["front"] = {"aliases": ["api"]}
del api["build"]
copies = {f"api{number}": {**api, "image": f"{described['name']}-api"} for number in (2, 3)}
Path("copies.yaml").write_text(json.dumps({"services": copies}))
!docker compose --file compose.yaml --file compose.override.yaml --file copies.yaml up --detach --wait --wait-timeout 90
