net = client.networks.create(name("net"))
client.containers.run("nginx", name=name("backend"), detach=True, network=net.name, ports={"80/tcp": ("127.0.0.1", None)})
client.containers.run(
    name("caller"),
    name=name("caller"),
    detach=True,
    network=net.name,
    environment={"BACKEND": name("backend"), "MORE": "1"},
    init=True,
    extra_hosts={"host.docker.internal": "host-gateway"},
)
