client.containers.get(name("shop")).remove(force=True)
client.containers.run(name("shop"), name=name("shop"), detach=True, init=True, network_mode="host")
