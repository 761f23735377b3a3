predicted("volume-files")
copy = {name("books"): {"bind": "/copy", "mode": "rw"}}
client.containers.run(name("shelf"), ["sh", "-c", "cp /shelf/* /copy"], volumes=copy, remove=True)
books = {name("books"): {"bind": "/shelf", "mode": "rw"}}
in_volume = len(client.containers.run(name("shelf"), "ls /shelf", name=name("filled"), volumes=books).split())
in_bind = len(client.containers.run(name("shelf"), "ls /shelf", name=name("hidden"), volumes=[bare + ":/shelf"]).split())
