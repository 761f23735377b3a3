for which in ("first", "second"):
    each = client.containers.run("busybox", "sleep 300", name=name(which), detach=True)
    each.exec_run(["sh", "-c", f"echo '{note}' > /tmp/note"])
