predicted("unhealthy")
ask = """
import os, urllib.error, urllib.request

if os.path.exists("/tmp/ill"):
    raise SystemExit(1)
try:
    urllib.request.urlopen("http://127.0.0.1:8000/health")
except urllib.error.HTTPError:
    open("/tmp/ill", "w")
    raise
"""
client.containers.run(
    name("clinic"), name=name("clinic"), detach=True, restart_policy={"Name": "always"},
    healthcheck={"test": ["CMD", "python", "-c", ask], "interval": 10**9, "timeout": 2 * 10**9, "retries": 2},
)
