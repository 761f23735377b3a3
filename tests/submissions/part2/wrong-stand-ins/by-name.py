import io

client.images.build(fileobj=io.BytesIO(b"FROM nginx\nENV MINE=1\n"), tag=name("own-nginx"), rm=True)
net = client.networks.create(name("net"))
client.containers.run(name("own-nginx"), name=name("backend"), detach=True, network=net.name)
client.containers.run(name("caller"), name=name("caller"), detach=True, init=True, network=net.name, environment={"BACKEND": name("backend")})
