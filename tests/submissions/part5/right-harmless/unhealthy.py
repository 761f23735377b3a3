predicted("unhealthy")
ask = "python -c \"import urllib.request as r; print(r.urlopen('http://localhost:8000/health').read())\" || exit 1"
client.containers.run(
    name("clinic"), name=name("clinic"), detach=True, init=True, labels={"team": "blue"}, ports={8000: ("127.0.0.1", None)},
    restart_policy={"Name": "always"},
    healthcheck={"test": ask, "interval": 4 * 10**9, "timeout": 3 * 10**9, "retries": 3, "start_period": 5 * 10**9},
)
