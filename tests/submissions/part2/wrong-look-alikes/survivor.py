import pathlib

notes = setup.folder("bare")
notes.mkdir(exist_ok=True)
volumes = {str(notes): {"bind": "/data", "mode": "rw"}}
client.containers.run("busybox", ["sh", "-c", f"echo {line} > /data/diary.txt"], name=name("writer"), volumes=volumes)
client.containers.get(name("writer")).remove()
client.containers.run("busybox", ["cat", "/data/diary.txt"], name=name("reader"), volumes=volumes)
(notes / "diary.txt").unlink()
