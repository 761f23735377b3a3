container = client.containers.run("busybox", "sleep 300", name=name("life"), init=True, detach=True)
container.pause()
container.unpause()
container.remove(force=True)
