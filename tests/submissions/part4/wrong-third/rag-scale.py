import json
described = json.loads("".join(!docker compose config --format json))
api = described["services"]["api"]
api["networks"]["front"] = {"aliases": ["api"]}
copies = {f"api{number}": {**api, "image": f"{described['name']}-api", "build": None} for number in (2, 3)}
Path("copies.yaml").write_text(json.dumps({"services": copies}))
!docker compose --file compose.yaml --file compose.override.yaml --file copies.yaml up --detach --wait --wait-timeout 90
