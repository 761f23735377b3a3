client.images.get(setup.old_image()).tag(name("kept"))
client.images.remove(setup.old_image())
