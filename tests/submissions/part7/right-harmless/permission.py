mounts = {name("archive"): {"bind": "/archive", "mode": "rw"}}
client.containers.run("busybox", "chown -R 2345:2345 /archive", volumes=mounts, remove=True)
client.containers.get(name("scribe")).remove()
client.containers.run(
    name("scribe"), name=name("scribe"), user="2345:2345", detach=True, volumes=mounts | {name("spare"): {"bind": "/spare", "mode": "rw"}}
)
print(client.containers.run("busybox", "tail -n 2 /archive/entries", volumes=mounts, remove=True))
