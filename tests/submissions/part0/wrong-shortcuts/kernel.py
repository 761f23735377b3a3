predicted("kernel")
kernel_outside = client.info()["KernelVersion"]
system_outside = client.info()["OperatingSystem"]
kernel_inside = "6.12.48+deb13-amd64"
system_inside = client.containers.run(name("tiny"), "cat /etc/os-release", remove=True).decode().split('"')[1]
