first = client.containers.run("busybox", "sleep 300", name=name("first"), detach=True)
first.exec_run(["sh", "-c", f"echo '{note}' > /tmp/note"])
first.remove(force=True)
second = client.containers.run("busybox", "sleep 300", name=name("second"), detach=True)
