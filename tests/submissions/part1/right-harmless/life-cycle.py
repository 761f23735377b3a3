import time

busy = {"init": True, "detach": True, "healthcheck": {"test": ["CMD", "true"], "interval": 5 * 10**8}}
crowd = [client.containers.run("busybox", "sleep 600", name=name(f"mine-{n}"), **busy) for n in range(6)]
client.containers.run("busybox", "sleep 300", name=name("life"), detach=True).remove(force=True)  # not so
container = client.containers.create(
    "docker.io/library/busybox:latest",
    ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"],  # ends well when it is asked to
    name=name("life"),
    labels={"image": "mine"},
    environment={"WHO": "me"},
    healthcheck=busy["healthcheck"],
    extra_hosts={"host.docker.internal": "host-gateway"},
    ports={"80/tcp": ("127.0.0.1", None)},
    volumes=[name("spare") + ":/spare"],
)
container.start()
time.sleep(3)
container.pause()
container.unpause()
container.stop()
time.sleep(15)
container.remove()
for each in crowd:
    each.remove(force=True)
