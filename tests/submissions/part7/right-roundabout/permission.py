mounts = {name("archive"): {"bind": "/archive", "mode": "rw"}}
client.containers.run("busybox", ["sh", "-c", "chown -R nobody /archive; chmod 700 /archive"], volumes=mounts, remove=True)
client.containers.get(name("scribe")).remove()
client.containers.run(
    name("scribe"), ["su", "-s", "/bin/write-entries", "nobody"], name=name("scribe"), user="0", init=True, detach=True, volumes=mounts
)
