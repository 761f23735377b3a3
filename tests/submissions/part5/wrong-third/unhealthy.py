predicted("unhealthy")
ask = "python -c 'import urllib.request as r; r.urlopen(\"http://127.0.0.1:8000/health\")' || { kill 1; exit 1; }"
client.containers.run(
    name("clinic"), name=name("clinic"), detach=True, restart_policy={"Name": "always"},
    healthcheck={"test": ["CMD-SHELL", ask], "interval": 10**9, "timeout": 2 * 10**9, "retries": 2},
)
