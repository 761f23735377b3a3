place = f"localhost:{port}/{name('cake')}"
image = client.images.get(name("cake"))
image.tag(place, "1.0")
cake_digest = image.id
client.containers.run(f"{place}:1.0", name=name("tasting"))
