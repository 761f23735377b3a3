holder = client.containers.list(filters={"publish": str(taken)})[0].name
client.containers.run(name("kiosk"), name=name("kiosk-again"), init=True, detach=True, ports={"8000/tcp": ("127.0.0.1", None)})
