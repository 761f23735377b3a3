asker = client.containers.get(name("asker"))
network = list(asker.attrs["NetworkSettings"]["Networks"])[0]
client.networks.get(network).connect(name("stock"))
