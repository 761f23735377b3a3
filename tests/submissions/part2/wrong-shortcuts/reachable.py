client.containers.get(name("shop")).remove(force=True)
client.containers.run(name("shop"), name=name("shop"), detach=True, init=True, ports={"8000/tcp": shop_port})
