client.api.tag(client.api.inspect_image(name("menu") + ":2")["Id"], name("menu"), "stable")
kitchen_image = client.containers.get(name("kitchen")).image.id
