predicted("kernel")
kernel_outside = client.info()["KernelVersion"]
system_outside = client.info()["OperatingSystem"]
tiny = client.images.get(name("tiny"))
box = client.containers.run(tiny.short_id.removeprefix("sha256:"), "sleep 300", detach=True, init=True)
kernel_inside = box.exec_run("uname -r").output.decode()
system_inside = box.exec_run(["sh", "-c", ". /etc/os-release; echo $PRETTY_NAME"]).output.decode()
box.remove(force=True)
