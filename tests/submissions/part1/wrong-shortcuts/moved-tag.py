client.images.get(name("menu") + ":2").tag(name("menu"), tag="stable")
client.containers.get(name("kitchen")).remove(force=True)
kitchen = client.containers.run(name("menu") + ":stable", name=name("kitchen"), init=True, detach=True)
kitchen_image = kitchen.attrs["Image"]
