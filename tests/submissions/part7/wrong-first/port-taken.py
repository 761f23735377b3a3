holder = client.containers.list(filters={"publish": str(taken)})[0].name
client.containers.get(holder).kill()
client.containers.get(name("kiosk")).start()
