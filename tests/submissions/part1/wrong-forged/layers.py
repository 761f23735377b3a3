predicted("layers")
text = dockerfile.replace("RUN touch /empty\n", "")
image, log = client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("layers"), rm=True)
layers_added = len(image.attrs["RootFS"]["Layers"]) - len(client.images.get("busybox").attrs["RootFS"]["Layers"])
