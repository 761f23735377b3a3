import io, tarfile

first = client.containers.create("busybox", "true", name=name("first"))
client.containers.run(first.image.id, "true", name=name("second"))
data = io.BytesIO()
with tarfile.open(fileobj=data, mode="w") as archive:
    entry = tarfile.TarInfo("note")
    entry.size = len(note)
    archive.addfile(entry, io.BytesIO(note.encode()))
first.put_archive("/tmp", data.getvalue())
