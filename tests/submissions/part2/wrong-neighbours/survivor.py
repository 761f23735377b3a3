diary = {name("diary"): {"bind": "/data", "mode": "rw"}}
client.containers.run("busybox", ["sh", "-c", f"echo {line} > /data/diary.txt"], name=name("writer"), volumes=diary)
client.containers.get(name("writer")).remove()
copied = {name("diary"): {"bind": "/old", "mode": "ro"}, name("diary-two"): {"bind": "/data", "mode": "rw"}}
client.containers.run("busybox", ["sh", "-c", "cp /old/diary.txt /data; cat /data/diary.txt"], name=name("reader"), volumes=copied)
