from docker.types import Mount

store = client.volumes.create(name("diary"))
write = ["sh", "-c", f"echo first; echo {line} >> /data/diary.txt"]
client.containers.run("busybox", write, name=name("writer"), mounts=[Mount("/data/", store.name)], remove=True)
reader = client.containers.run("busybox", "sleep 300", name=name("reader"), init=True, detach=True, mounts=[Mount("/data", store.name)])
reader.remove(force=True)
client.containers.run("nginx", ["cat", "/data/diary.txt"], name=name("reader"), volumes=[store.name + ":/data:ro"])
