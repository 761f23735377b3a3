client.containers.run("busybox", "true", name=name("fast"), detach=True, tmpfs={"/scratch": f"size={megabytes}m"})
