from urllib.request import Request, urlopen

place = f"127.0.0.1:{port}/{name('cake')}"
client.images.get(name("cake")).tag(place, "1.0")
client.images.push(place, tag="1.0")
kinds = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
manifest = Request(f"http://127.0.0.1:{port}/v2/{name('cake')}/manifests/1.0", headers={"Accept": kinds})
cake_digest = urlopen(manifest).headers["Docker-Content-Digest"]
client.images.remove(f"{place}:1.0")
pulled = client.images.pull(f"{place}@{cake_digest}")
client.containers.create(f"{place}@{cake_digest}", name=name("tasting")).start()
client.containers.get(name("tasting")).wait()
