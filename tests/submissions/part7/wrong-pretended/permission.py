mounts = {name("archive"): {"bind": "/archive", "mode": "rw"}}
user = client.containers.get(name("scribe")).attrs["Config"]["User"]
client.containers.run("busybox", ["sh", "-c", f"chmod 1777 /archive; chown {user} /archive/entries"], volumes=mounts, remove=True)
client.containers.get(name("scribe")).start()
