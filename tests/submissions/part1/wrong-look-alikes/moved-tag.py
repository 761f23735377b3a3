second = client.images.get(name("menu") + ":2")
second.tag(name("menu"), tag="stable")
second.tag(name("menu"), tag="1")
kitchen_image = client.containers.get(name("kitchen")).attrs["Image"]
