books = {name("books"): {"bind": "/shelf", "mode": "rw"}}
in_volume = len(client.containers.run(name("shelf"), "ls /shelf", name=name("filled"), volumes=books).split())
in_bind = len(client.containers.run(name("shelf"), "ls /shelf", name=name("hidden"), volumes=[bare + ":/shelf"]).split())
