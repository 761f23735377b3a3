predicted("layers")
text = dockerfile.replace("ENV COLOUR=green\n", "").replace("EXPOSE 8080\n", "")
image, log = client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("layers"), rm=True)
layers_added = len(image.attrs["RootFS"]["Layers"]) - len(client.images.get("busybox").attrs["RootFS"]["Layers"])
