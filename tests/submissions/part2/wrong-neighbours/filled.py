predicted("volume-files")
books = {name("books"): {"bind": "/shelf", "mode": "rw"}}
client.containers.run(name("shelf"), "ls /shelf", name=name("filled"), volumes=books)
client.containers.run(name("shelf"), "ls /shelf", name=name("hidden"), volumes=[bare + ":/shelf"])
in_volume = in_bind = 0
