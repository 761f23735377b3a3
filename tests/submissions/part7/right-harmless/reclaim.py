client.containers.run("busybox", "true", name=name("of-my-own"))
client.images.get("busybox").tag(name("mine"))
client.images.remove(client.images.get(setup.old_image()).id, force=True)
