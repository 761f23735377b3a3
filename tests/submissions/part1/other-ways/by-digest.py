place = f"127.0.0.1:{port}/{name('cake')}"
client.images.get(name("cake")).tag(place, "1.0")
steps = list(client.images.push(place, tag="1.0", stream=True, decode=True))
cake_digest = next(step["aux"]["Digest"] for step in steps if "aux" in step)
client.images.remove(f"{place}:1.0")
pulled = client.images.pull(f"{place}@{cake_digest}")
client.containers.create(f"{place}@{cake_digest}", name=name("tasting")).start()
client.containers.get(name("tasting")).wait()
