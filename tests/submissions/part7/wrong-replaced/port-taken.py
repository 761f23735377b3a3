holder = client.containers.list(filters={"publish": str(taken)})[0].name
client.containers.get(holder).remove(force=True)
client.containers.get(name("kiosk")).remove()
client.containers.run(name("kiosk"), name=name("kiosk"), detach=True, ports={"8000/tcp": ("127.0.0.1", None)})
client.containers.run("nginx", name=holder, detach=True, ports={"80/tcp": ("127.0.0.1", taken)})
