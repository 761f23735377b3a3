stock = client.containers.get(name("stock"))
network, place = list(stock.attrs["NetworkSettings"]["Networks"].items())[0]
client.containers.get(name("asker")).remove(force=True)
client.containers.run(
    name("asker"),
    name=name("asker"),
    init=True,
    detach=True,
    network=network,
    environment={"BACKEND": name("stock")},
    extra_hosts={name("stock"): place["IPAddress"]},
)
