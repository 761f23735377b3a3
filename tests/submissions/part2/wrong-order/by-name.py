net = client.networks.create(name("net"))
client.containers.run("nginx", name=name("backend"), detach=True, network=net.name)
client.containers.run(name("caller"), name=name("caller"), detach=True, init=True, environment={"BACKEND": name("backend")})
