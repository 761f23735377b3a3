predicted("unhealthy")
ask = "! python -c \"import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')\" 2>&1 | grep -q 503"
client.containers.run(
    name("clinic"), name=name("clinic"), detach=True, restart_policy={"Name": "always"},
    healthcheck={"test": ask, "interval": 10**9, "timeout": 2 * 10**9, "retries": 2},
)
