image, log = client.images.build(fileobj=io.BytesIO(dockerfile.encode()), tag=name("layers"), rm=True)
layers_added = len(dockerfile.splitlines()) - 1
