diary = {name("diary"): {"bind": "/data", "mode": "rw"}}
client.containers.run("busybox", ["sh", "-c", f"echo {line} > /data/diary.txt"], name=name("writer"), volumes=diary)
client.containers.get(name("writer")).remove()
client.containers.run("busybox", ["echo", line], name=name("reader"), volumes=diary)
