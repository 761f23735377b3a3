import json, tarfile

engine = client.api
for line in engine.build(fileobj=io.BytesIO(dockerfile.encode()), tag=name("layers"), rm=True, decode=True):
    pass


def saved_layers(image):
    data = io.BytesIO(b"".join(client.images.get(image).save()))
    with tarfile.open(fileobj=data) as archive:
        return json.load(archive.extractfile("manifest.json"))[0]["Layers"]


layers_added = float(len(saved_layers(name("layers"))) - len(saved_layers("busybox")))
