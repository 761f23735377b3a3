client.containers.get(name("shop")).remove(force=True)
client.containers.run(
    name("shop"), name=name("shop"), detach=True, init=True, environment={"LISTEN": "0.0.0.0"}, ports={"80/tcp": ("127.0.0.1", shop_port)}
)
