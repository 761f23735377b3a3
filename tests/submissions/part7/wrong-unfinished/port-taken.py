holder = client.containers.list(filters={"publish": str(taken)})[0].name
client.containers.get(name("kiosk")).rename(name("kiosk-old"))
client.containers.run(name("kiosk"), name=name("kiosk"), detach=True, ports={"8000/tcp": ("127.0.0.1", None)})
