client.containers.get(name("clerk")).remove(force=True)
client.containers.run(name("clerk"), name=name("clerk"), detach=True, init=True)
