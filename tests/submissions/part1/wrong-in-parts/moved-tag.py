client.images.get(name("menu") + ":2").tag(name("menu"), tag="stable")
kitchen_image = client.images.get(name("menu") + ":stable").id
