import subprocess
import yaml

steps = yaml.safe_load(Path("start.yaml").read_text())
often = {"interval": "2s", "start_period": "20s", "start_interval": "500ms"}
steps["services"]["cache"] = {
    "image": "redis:8",
    "entrypoint": ["sh", "-c", 'redis-server --requirepass "$$(cat /run/secrets/cache-password)"'],
    "secrets": ["cache-password"],
    "healthcheck": {"test": steps["x-cache-ready"], **often},
}
steps["services"]["vectors"] = {
    "image": "qdrant/qdrant:v1.19.0",
    "volumes": [{"type": "volume", "source": "vectors-data", "target": "/qdrant/storage"}],
    "healthcheck": {"test": steps["x-vectors-ready"], **often},
}
Path("stores.yaml").write_text(yaml.safe_dump(steps))
subprocess.run(["docker", "compose", "-f", "stores.yaml", "up", "-d", "--wait"], check=True)
