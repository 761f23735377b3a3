shop_word = client.containers.run(shop_image, remove=True).decode().strip()
