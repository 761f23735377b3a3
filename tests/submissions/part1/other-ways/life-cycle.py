container = client.containers.run("busybox", "sleep 300", name=name("life"), detach=True)
container.pause()
container.unpause()
container.restart(timeout=1)
container.stop(timeout=1)  # sleep is process 1 here and takes no notice of 15
container.remove()
