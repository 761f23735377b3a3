predicted("moved-tag")
client.containers.get(name("kitchen")).remove(force=True)
client.containers.run(name("menu") + ":1", name=name("kitchen"), init=True, detach=True)
client.images.get(name("menu") + ":2").tag(name("menu"), tag="stable")
kitchen_image = client.containers.get(name("kitchen")).attrs["Image"]
