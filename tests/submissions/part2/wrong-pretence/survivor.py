diary = {name("diary"): {"bind": "/data", "mode": "rw"}}
writer = client.containers.run("busybox", ["sh", "-c", f"echo {line} > /data/diary.txt"], name=name("writer"), detach=True, volumes=diary)
writer.wait()
writer.rename(name("writer-once"))
client.containers.run("busybox", ["cat", "/data/diary.txt"], name=name("reader"), volumes=diary)
