diary = {name("diary"): {"bind": "/data", "mode": "rw"}}
client.containers.run("busybox", ["sh", "-c", "echo nothing yet > /data/diary.txt"], name=name("writer"), volumes=diary)
client.containers.get(name("writer")).remove()
client.containers.run("nginx", ["sh", "-c", f"echo {line} > /data/diary.txt"], name=name("writer"), volumes=diary)
print(client.containers.run("busybox", ["cat", "/data/diary.txt"], volumes=diary, remove=True))
client.containers.get(name("writer")).remove()
client.containers.run(
    "busybox", ["tail", "-n", "5", "-f", "/data/diary.txt"], name=name("reader"), init=True, detach=True, volumes=diary
)
