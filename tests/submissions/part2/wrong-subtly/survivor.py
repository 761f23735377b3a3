write = ["sh", "-c", f"mkdir -p /data; echo {line} > /data/diary.txt"]
client.containers.run("busybox", write, name=name("writer"), volumes={name("diary"): {"bind": "/date", "mode": "rw"}})
client.containers.get(name("writer")).remove()
client.containers.run("busybox", ["ls", "/data"], name=name("reader"), volumes={name("diary"): {"bind": "/data", "mode": "rw"}})
