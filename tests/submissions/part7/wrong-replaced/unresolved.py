network = list(client.containers.get(name("asker")).attrs["NetworkSettings"]["Networks"])[0]
client.containers.get(name("stock")).remove(force=True)
client.containers.run("nginx", name=name("stock"), detach=True, network=network)
client.containers.get(name("asker")).remove(force=True)
client.containers.run(name("asker"), name=name("asker"), detach=True, init=True, network=network, environment={"BACKEND": name("stock")})
