client.images.get(name("menu") + ":2").tag(name("menu"), tag="stable")
kitchen_image = client.containers.get(name("kitchen")).attrs["Image"]
client.images.get(name("menu") + ":1").tag(name("menu"), tag="stable")
