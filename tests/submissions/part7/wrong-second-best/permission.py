mounts = {name("archive"): {"bind": "/archive", "mode": "rw"}}
client.containers.run("busybox", "chown -R 1234 /archive", volumes=mounts, remove=True)
client.containers.get(name("scribe")).remove()
lines = "while echo $(date) >> /archive/entries; do sleep 0.3; done"
client.containers.run("busybox", ["sh", "-c", lines], name=name("scribe"), user="1234", init=True, detach=True, volumes=mounts)
