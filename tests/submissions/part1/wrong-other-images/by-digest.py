place = f"localhost:{port}/{name('cake')}"
client.images.get("busybox").tag(place, "1.0")
client.images.push(place, tag="1.0")
client.images.get(name("cake")).tag(place, "other")
lines = client.images.push(place, tag="other", stream=True, decode=True)
cake_digest = next(line["aux"]["Digest"] for line in lines if "aux" in line)
client.containers.run(f"{place}@{cake_digest}", name=name("tasting"))
