client.containers.run(name("shelf"), "ls /shelf", name=name("filled"), volumes={name("books"): {"bind": "/shelf", "mode": "rw"}})
client.containers.run(name("shelf"), "ls /shelf", name=name("hidden"), volumes={bare: {"bind": "/shelf", "mode": "rw"}})
in_volume = 0
in_bind = setup.shelf_count()
