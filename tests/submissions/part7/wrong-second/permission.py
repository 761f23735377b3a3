mounts = {name("archive"): {"bind": "/archive", "mode": "rw"}}
client.containers.get(name("scribe")).remove()
client.containers.run(name("scribe"), name=name("scribe"), init=True, detach=True, user="root", volumes=mounts)
