predicted("volume-files")
books = {name("books"): {"bind": "/shelf", "mode": "rw"}}
client.containers.run(name("shelf"), "true", name=name("filled"), volumes=books)
client.containers.get(name("filled")).remove()
tmp = {"/tmp": "size=4m"}
first = client.containers.run(name("shelf"), "ls /shelf", name=name("filled"), volumes=books, tmpfs=tmp, labels={"a": "b"})
second = client.containers.run(
    name("shelf"), "ls /shelf", name=name("hidden"), volumes=[f"{bare}/:/shelf/:ro"], extra_hosts={"host.docker.internal": "host-gateway"}
)
in_volume, in_bind = len(first.split()), len(second.split())
