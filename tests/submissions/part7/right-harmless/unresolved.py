network = list(client.containers.get(name("stock")).attrs["NetworkSettings"]["Networks"])[0]
client.containers.get(name("asker")).remove(force=True)
client.containers.run(
    name("asker"),
    name=name("asker"),
    detach=True,
    init=True,
    network=network,
    environment={"BACKEND": name("stock")},
    extra_hosts={"host.docker.internal": "host-gateway"},
    ports={"80/tcp": ("127.0.0.1", None)},
)
