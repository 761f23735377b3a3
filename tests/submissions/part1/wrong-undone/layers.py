text = dockerfile.replace('CMD ["cat", "/note-0"]', 'CMD ["cat", "/note-0", "/empty"]')
image, log = client.images.build(fileobj=io.BytesIO(text.encode()), tag=name("layers"), rm=True)
layers_added = len(image.attrs["RootFS"]["Layers"]) - len(client.images.get("busybox").attrs["RootFS"]["Layers"])
