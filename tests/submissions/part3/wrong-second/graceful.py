client.containers.get(name("clerk")).remove(force=True)
client.api.start(
    client.api.create_container(name("clerk"), name=name("clerk"), stop_timeout=60)["Id"]
)
