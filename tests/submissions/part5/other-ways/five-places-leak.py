import io, tarfile

courier = client.containers.get(name("courier"))
leak = " Environment variable" if leaked in str(courier.attrs["Config"]["Env"]) else ""
leak = leak or ("LABELS" if leaked in str(courier.attrs) else "")
leak = leak or ("history" if leaked in str(client.api.history(courier.image.id)) else "")
if not leak:
    with tarfile.open(fileobj=io.BytesIO(b"".join(courier.image.save()))) as saved:
        for member in saved.getmembers():
            if member.isfile() and leaked.encode() in saved.extractfile(member).read():
                leak = "layers"
leak = leak or "mounted file"
