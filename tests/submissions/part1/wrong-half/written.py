import pathlib

folder = pathlib.Path("unpacked")
folder.mkdir(exist_ok=True)
still = client.containers.create(name("handmade"))
(folder / "greet.tar").write_bytes(b"".join(still.get_archive("/bin/greet")[0]))
still.remove()
(folder / "Dockerfile").write_text('FROM busybox\nADD greet.tar /first/\nRUN cp /first/greet /bin/greet && rm -r /first\nCMD ["greet"]\n')
client.images.build(path=str(folder), tag=name("written"), rm=True)
