place = f"localhost:{port}/{name('cake')}"
client.images.get(name("cake")).tag(place, "1.0")
client.images.push(place, tag="1.0")
image = client.images.get(f"{place}:1.0")
cake_digest = image.attrs["RepoDigests"][0].split("@")[1]
client.containers.run(image.id, name=name("tasting"))
