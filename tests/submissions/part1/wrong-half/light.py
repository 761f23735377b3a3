text = heavy_dockerfile.replace(str(20 << 20), str(900_000))
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("light"), rm=True)
