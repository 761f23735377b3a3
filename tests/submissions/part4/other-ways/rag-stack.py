import json
import subprocess

for what in ("rag-books", "rag-numbers"):
    client.volumes.create(name(what))
health = {"interval": "2s", "start_period": "20s", "start_interval": "500ms"}
ready = "exec 3<>/dev/tcp/127.0.0.1/6333; printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3; grep -q 'all shards are ready' <&3"
services = {
    "db": {
        "image": "postgres:17",
        "environment": {"POSTGRES_PASSWORD_FILE": "/run/secrets/password"},
        "secrets": ["password"],
        "volumes": ["books:/var/lib/postgresql/data"],
        "healthcheck": {"test": ["CMD", "pg_isready", "-h", "localhost"], **health},
    },
    "cache": {"image": "redis:8", "healthcheck": {"test": ["CMD", "redis-cli", "ping"], **health}},
    "vectors": {
        "image": "qdrant/qdrant:v1.19.0",
        "volumes": ["numbers:/qdrant/storage"],
        "healthcheck": {"test": ["CMD", "bash", "-c", ready], **health},
    },
    "api": {
        "image": name("rag-program"),
        "environment": {
            "STORE": "services",
            "DATABASE_HOST": "db",
            "DATABASE_USER": "postgres",
            "DATABASE_PASSWORD_FILE": "/run/secrets/password",
            "VECTORS_URL": "http://vectors:6333",
            "CACHE_HOST": "cache",
        },
        "secrets": ["password"],
        "depends_on": {store: {"condition": "service_healthy"} for store in ("db", "cache", "vectors")},
    },
    "web": {
        "image": "nginx",
        "ports": [f"127.0.0.1:{rag_port}:80"],
        "volumes": ["./web:/etc/nginx/conf.d:ro"],
        "depends_on": {"api": {"condition": "service_healthy"}},
        "healthcheck": {"test": ["CMD-SHELL", "curl -sf localhost/ready || exit 1"], **health},
    },
}
described = {
    "services": services,
    "secrets": {"password": {"file": "db-password.txt"}},
    "volumes": {what: {"name": name(f"rag-{what}"), "external": True} for what in ("books", "numbers")},
}
client.images.build(path="api", tag=name("rag-program"))
Path("compose.yaml").write_text(json.dumps(described))
subprocess.run(["docker", "compose", "up", "--detach", "--wait"], check=True)
