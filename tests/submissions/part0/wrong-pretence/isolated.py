only = client.containers.run("busybox", "sleep 300", name=name("first"), detach=True)
only.exec_run(["sh", "-c", f"echo '{note}' > /tmp/note"])
only.rename(name("second"))
