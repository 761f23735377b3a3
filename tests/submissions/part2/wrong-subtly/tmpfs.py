client.containers.run("busybox", "sleep 300", name=name("fast"), init=True, detach=True, tmpfs={"/scratch": ""})
