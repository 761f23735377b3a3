books = {name("books"): {"bind": "/shelf", "mode": "rw"}}
seen = client.containers.run(name("shelf"), "ls /shelf", name=name("filled"), volumes=books)
client.containers.run(name("shelf"), "ls /shelf", name=name("hidden"), volumes=books)
in_volume = in_bind = len(seen.split())
