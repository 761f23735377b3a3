first = client.containers.run("busybox", "sleep 300", name=name("first"), detach=True)
first.exec_run(["sh", "-c", f"echo '{note}' > /tmp/note"])
copy = first.commit(name("copy"))
second = client.containers.run(copy.id, "sleep 300", name=name("second"), detach=True)
