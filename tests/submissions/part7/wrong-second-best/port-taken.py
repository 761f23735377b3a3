holder = name("kiosk")
client.containers.get(name("kiosk")).remove()
client.containers.run(name("kiosk"), name=name("kiosk"), detach=True, ports={"8000/tcp": None})
