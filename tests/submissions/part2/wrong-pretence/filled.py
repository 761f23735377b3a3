predicted("volume-files")
books = {name("more-books"): {"bind": "/shelf", "mode": "rw"}}
client.volumes.create(name("books"))
in_volume = len(client.containers.run(name("shelf"), "ls /shelf", name=name("filled"), volumes=books).split())
in_bind = len(client.containers.run("busybox", "ls /shelf", name=name("hidden"), volumes=[bare + ":/shelf"]).split())
