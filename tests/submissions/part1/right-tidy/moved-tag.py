predicted("moved-tag")
client.containers.get(name("kitchen")).remove(force=True)  # not so
client.containers.run(name("menu") + ":2", name=name("kitchen"), detach=True)
client.images.get(name("menu") + ":2").tag(name("menu"), "1")
setup.open_kitchen(client)  # once more
client.images.get(name("menu") + ":2").tag(name("menu"), "stable")
kitchen = client.containers.get(name("kitchen"))
kitchen.exec_run("cat /version")
kitchen_image = kitchen.image.id
