mounts = {name("archive"): {"bind": "/archive", "mode": "rw"}}
client.containers.run("busybox", "chmod -R 777 /archive", volumes=mounts, remove=True)
client.containers.get(name("scribe")).start()
