square = client.networks.create(name("square"))
square.connect(name("stock"), aliases=["store"])
square.connect(name("asker"))
