predicted("moved-tag")
client.images.get(name("menu") + ":2").tag(name("menu"), tag="stable")
kitchen = client.containers.get(name("kitchen"))
kitchen.restart(timeout=1)
kitchen_image = kitchen.attrs["Image"]
