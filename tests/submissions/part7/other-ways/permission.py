mounts = {name("archive"): {"bind": "/archive", "mode": "rw"}}
lines = "chgrp -R 4321 /archive && chmod 2775 /archive && chmod 664 /archive/entries"
client.containers.run("busybox", ["sh", "-c", lines], volumes=mounts, remove=True)
client.containers.get(name("scribe")).remove()
client.containers.run(name("scribe"), name=name("scribe"), init=True, detach=True, group_add=["4321"], volumes=mounts)
