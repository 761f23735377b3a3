predicted("unhealthy")
ask = """
import os, urllib.error, urllib.request

place = "/tmp/failures"
failures = int(open(place).read()) if os.path.exists(place) else 0
try:
    urllib.request.urlopen("http://127.0.0.1:8000/health")
except urllib.error.HTTPError:
    open(place, "w").write(str(failures + 1))
    if failures < 7:
        raise
"""
client.containers.run(
    name("clinic"), name=name("clinic"), detach=True, restart_policy={"Name": "always"},
    healthcheck={"test": ["CMD", "python", "-c", ask], "interval": 10**9, "timeout": 2 * 10**9, "retries": 2},
)
