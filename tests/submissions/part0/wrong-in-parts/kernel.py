predicted("kernel")
kernel_outside = client.info()["KernelVersion"]
system_outside = "Linux"
kernel_inside = client.containers.run(name("tiny"), "uname -r", remove=True).decode().strip()
system_inside = client.containers.run(name("tiny"), "cat /etc/os-release", remove=True).decode().split('"')[1]
