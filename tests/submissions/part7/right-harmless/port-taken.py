from course import free_port

found = client.containers.list(filters={"publish": str(taken)})[0]
holder = client.api.inspect_container(found.id)["Name"]
client.containers.get(name("kiosk")).remove()
client.containers.run(name("kiosk"), "true", name=name("kiosk"))
client.containers.get(name("kiosk")).rename(name("kiosk-trial"))
client.containers.run(
    name("kiosk"),
    name=name("kiosk"),
    detach=True,
    labels={"stage": "trial"},
    extra_hosts={"host.docker.internal": "host-gateway"},
    ports={"443/tcp": ("127.0.0.1", None), "8000/tcp": ("127.0.0.1", free_port())},
)
