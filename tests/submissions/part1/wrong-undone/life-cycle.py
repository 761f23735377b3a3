container = client.containers.run("busybox", "sleep 300", name=name("life"), detach=True)
container.pause()
container.unpause()
while "sleep" not in str(container.top()):  # until then, 15 ends what is to become the process
    pass
container.stop(timeout=1)
container.remove()
client.containers.create("busybox", "true", name=name("life"))
