container = client.containers.run("busybox", "sleep 300", name=name("life"), detach=True)
container.pause()
container.unpause()
container.restart(timeout=1)
while "sleep" not in str(container.top()):  # until then, 15 ends what is to become the process
    pass
container.stop(timeout=1)  # sleep is process 1 here and takes no notice of 15
container.remove()
