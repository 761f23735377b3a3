text = heavy_dockerfile.replace("RUN rm data", "RUN mv data /tmp/data")
client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("light"), rm=True)
