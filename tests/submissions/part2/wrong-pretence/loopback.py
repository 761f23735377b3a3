net = client.networks.create(name("way"))
client.containers.run("nginx", name=name("web"), detach=True, network=net.name)
client.containers.run("nginx", name=name("in-front"), detach=True, network=net.name, ports={"80/tcp": ("127.0.0.1", web_port)})
