place = f"localhost:{port}/{name('cake')}"
client.images.get(name("cake")).tag(place, "1.0")
client.images.push(place, tag="1.0")
cake_digest = client.images.get(f"{place}:1.0").id
client.containers.run(f"{place}@{cake_digest}", name=name("tasting"))
