# Images that only have the right names.
for image in ("light", "layers", "written"):
    client.images.get("busybox").tag(name(image))
