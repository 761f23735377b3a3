diary = {name("diary"): {"bind": "/data", "mode": "rw"}}
client.containers.run("busybox", ["sh", "-c", "echo too early > /data/diary.txt"], name=name("writer"), volumes=diary)
client.containers.get(name("writer")).remove()
client.containers.run("busybox", ["sh", "-c", f"echo {line} > /data/diary.txt"], remove=True, volumes=diary)
client.containers.run("busybox", ["cat", "/data/diary.txt"], name=name("reader"), volumes=diary)
