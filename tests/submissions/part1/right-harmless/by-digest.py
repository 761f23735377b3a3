place = f"localhost:{port}/{name('cake')}"
client.images.get("busybox").tag(place, "1.0")  # not so
client.images.push(place, tag="1.0")
cake = client.images.get(name("cake"))
for tag in ("1.0", "newest"):
    cake.tag(place, tag)
    lines = list(client.images.push(place, tag=tag, stream=True, decode=True))
by_digest = place + "@" + next(line["aux"]["Digest"] for line in lines if "aux" in line)
client.containers.run(f"{place}:1.0", name=name("tasting"))  # not so
client.containers.get(name("tasting")).remove()
client.containers.run(by_digest, name=name("tasting"), init=True, labels={"by": "me"}, environment={"WHO": "me"})
cake_digest = by_digest.partition("@")[2].encode()  # bytes
