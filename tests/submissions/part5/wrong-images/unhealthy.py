ask = "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')"
client.containers.run(
    name("clinic"), name=name("clinic"), detach=True,
    healthcheck={"test": ["CMD", "python", "-c", ask], "interval": 10**9, "timeout": 2 * 10**9, "retries": 2},
)
