# Thousands of containers, networks and volumes.
import subprocess
from concurrent.futures import ThreadPoolExecutor
import docker

client = docker.from_env()
print("crowds", flush=True)
def make(number):
    try:
        client.volumes.create(f"v{number}")
        client.networks.create(f"n{number}")
        client.containers.run("busybox", ["sleep", "600"], detach=True, network=f"n{number}", restart_policy={"Name": "always"})
    except docker.errors.DockerException:
        pass
with ThreadPoolExecutor(8) as pool:
    list(pool.map(make, range(5_000)))
