place = f"localhost:{port}/{name('cake')}"
client.images.get(name("cake")).tag(place, "1.0")
client.images.push(place, tag="1.0")
by_digest = client.images.get(f"{place}:1.0").attrs["RepoDigests"][0]
cake_digest = by_digest.split("@")[1]
client.containers.run(by_digest, name=name("tasting"), remove=True)
