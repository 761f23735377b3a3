books = {name("books"): {"bind": "/shelf", "mode": "rw"}}
in_bind = len(client.containers.run(name("shelf"), "ls /shelf", name=name("filled"), volumes=books).split())
client.containers.run(name("shelf"), "ls /shelf", name=name("hidden"), volumes={bare: {"bind": "/shelf", "mode": "rw"}})
in_volume = 0
