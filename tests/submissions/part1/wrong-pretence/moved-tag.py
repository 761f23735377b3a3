kitchen_image = client.containers.get(name("kitchen")).attrs["Image"]
