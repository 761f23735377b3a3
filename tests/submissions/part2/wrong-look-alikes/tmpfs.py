client.containers.run("busybox", ["sh", "-c", "mkdir /scratch; sleep 300"], name=name("fast"), init=True, detach=True)
