networks = [list(client.containers.get(name(what)).attrs["NetworkSettings"]["Networks"])[0] for what in ("stock", "asker")]
client.networks.get(networks[1]).connect(name("stock"))
client.networks.get(networks[0]).disconnect(name("stock"))
