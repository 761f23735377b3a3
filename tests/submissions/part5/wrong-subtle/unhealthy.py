predicted("unhealthy")
ask = (
    "test -e /tmp/ill && exit 1; "
    "python -c \"import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')\" || { touch /tmp/ill; exit 1; }"
)
client.containers.run(
    name("clinic"), name=name("clinic"), detach=True, restart_policy={"Name": "always"},
    healthcheck={"test": ask, "interval": 10**9, "timeout": 2 * 10**9, "retries": 2, "start_period": 10**9},
)
