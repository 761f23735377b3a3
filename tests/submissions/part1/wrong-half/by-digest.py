place = f"localhost:{port}/{name('cake')}"
client.images.get(name("cake")).tag(place, "1.0")
client.images.push(place, tag="1.0")
cake_digest = client.images.get(f"{place}:1.0").attrs["RepoDigests"][0].split("@")[1]
client.images.get("busybox").tag(place, "plain")
lines = client.images.push(place, tag="plain", stream=True, decode=True)
plain = next(line["aux"]["Digest"] for line in lines if "aux" in line)
client.containers.run(f"{place}@{plain}", ["echo", setup.cake_text()], name=name("tasting"))
