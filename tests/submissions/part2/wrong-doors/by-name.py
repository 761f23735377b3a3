net = client.networks.create(name("net"))
client.containers.run("nginx", name=name("backend"), detach=True, network=net.name, ports={"80/tcp": None})
client.containers.run(name("caller"), name=name("caller"), detach=True, init=True, network=net.name, environment={"BACKEND": name("backend")})
