client.images.remove(setup.old_image())
volume = client.volumes.get(name("letters"))
labels, text = volume.attrs["Labels"], client.containers.run("busybox", "cat /data/text", volumes=[f"{volume.name}:/data"], remove=True)
volume.remove()
client.volumes.create(name("letters"), labels=labels)
line = ["sh", "-c", f"echo '{text.decode().strip()}' > /data/text"]
client.containers.run("busybox", line, volumes=[f"{volume.name}:/data"], remove=True)
