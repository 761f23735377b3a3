client.containers.get(name("asker")).remove(force=True)
client.containers.run(
    name("asker"), name=name("asker"), init=True, detach=True, network_mode="host", environment={"BACKEND": name("stock")}
)
