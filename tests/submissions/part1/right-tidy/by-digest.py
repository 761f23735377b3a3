place = f"127.0.0.1:{port}/{name('cake')}"
client.images.get(name("cake")).tag(place, "1.0")
client.images.push(place, tag="1.0")
cake_digest = client.images.get(f"{place}:1.0").attrs["RepoDigests"][0]  # the name by digest has it
for tag in (f"{place}:1.0", name("cake")):
    client.images.remove(tag, noprune=True)
client.images.pull(cake_digest)
client.containers.run(cake_digest, "/cake", entrypoint="cat", name=name("tasting"))
client.containers.run(cake_digest, remove=True)
