predicted("moved-tag")  # stops here as long as there is no prediction
client.images.get(f"{name('menu')}:2").tag(name("menu"), tag="stable")
