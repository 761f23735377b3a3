output = client.containers.run(shop_image.replace("127.0.0.1", "localhost"), name=name("shop"))
