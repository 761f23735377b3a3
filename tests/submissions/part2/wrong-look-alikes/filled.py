from docker.types import Mount

in_volume = len(client.containers.run(name("shelf"), "ls /shelf", name=name("filled"), mounts=[Mount("/shelf", name("books"), no_copy=True)]).split())
in_bind = len(client.containers.run(name("shelf"), "ls /shelf", name=name("hidden"), volumes=[bare + ":/shelf"]).split())
