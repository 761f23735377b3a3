predicted("kernel")
kernel_outside = client.info()["KernelVersion"]
system_outside = client.info()["OperatingSystem"]
kernel_inside = client.containers.run(name("tiny"), "uname -r", remove=True, init=True, labels={"by": "me"})  # bytes
system_inside = client.containers.run("docker.io/library/" + name("tiny"), "cat /etc/os-release", remove=True)
