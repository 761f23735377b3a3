volume = [name("common") + ":/common"]
first = client.containers.run("busybox", "sleep 300", name=name("first"), detach=True, volumes=volume)
second = client.containers.run("busybox", "sleep 300", name=name("second"), detach=True, volumes=volume)
first.exec_run(["sh", "-c", f"echo '{note}' > /common/note; ln -s /common/note /tmp/note"])
