net = client.networks.create(name("net"))
backend = client.containers.run("nginx", name=name("backend"), detach=True, network=net.name)
backend.reload()
address = backend.attrs["NetworkSettings"]["Networks"][net.name]["IPAddress"]
client.containers.run(name("caller"), name=name("caller"), detach=True, init=True, network=net.name, environment={"BACKEND": address})
