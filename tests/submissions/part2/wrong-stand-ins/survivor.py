diary = {name("diary"): {"bind": "/data", "mode": "rw"}}
client.containers.run("busybox", "ls /data", name=name("writer"), volumes=diary)
client.containers.get(name("writer")).remove()
both = f"echo {line} > /data/diary.txt && cat /data/diary.txt"
client.containers.run("busybox", ["sh", "-c", both], name=name("reader"), volumes=diary)
