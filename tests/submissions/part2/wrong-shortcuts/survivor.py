client.containers.run("busybox", ["sh", "-c", f"echo {line} > /data/diary.txt"], name=name("writer"), volumes=["/data"])
client.containers.get(name("writer")).remove(v=True)
client.containers.run("busybox", ["sh", "-c", f"echo {line}"], name=name("reader"), volumes=["/data"])
