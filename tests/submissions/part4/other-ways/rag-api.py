import subprocess
import yaml

steps = yaml.safe_load(Path("stores.yaml").read_text())
steps["services"]["api"] = {
    "image": name("rag-step"),
    "restart": "on-failure:5",
    "environment": {
        "DATABASE_HOST": "db",
        "DATABASE_USER": "rag",
        "DATABASE_PASSWORD_FILE": "/run/secrets/db-password",
        "VECTORS_URL": "http://vectors:6333",
        "CACHE_HOST": "cache",
        "CACHE_PASSWORD_FILE": "/run/secrets/cache-password",
    },
    "secrets": ["db-password", "cache-password"],
    "depends_on": {store: {"condition": "service_healthy"} for store in ("db", "cache", "vectors")},
}
client.images.build(path="api", tag=name("rag-step"))
Path("stores.yaml").write_text(yaml.safe_dump(steps))
subprocess.run(["docker", "compose", "-f", "stores.yaml", "up", "-d", "--wait"], check=True)
