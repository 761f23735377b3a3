place = f"localhost:{port}/{name('cake')}"
client.images.get(name("cake")).tag(place, "1.0")
client.images.push(place, tag="1.0")
image = client.images.get(f"{place}:1.0")
cake_digest = image.id
client.containers.run(image.attrs["RepoDigests"][0], ["ls", "/cake"], name=name("tasting"))
