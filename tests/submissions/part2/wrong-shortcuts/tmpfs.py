client.containers.run("busybox", "sleep 300", name=name("fast"), init=True, detach=True, volumes={name("scratch"): {"bind": "/scratch", "mode": "rw"}})
