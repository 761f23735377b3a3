import platform

kernel_outside = platform.version()
system_outside = client.info()["OperatingSystem"]
kernel_inside = client.containers.run(name("tiny"), "uname -r", remove=True).decode().strip()
system_inside = client.containers.run(name("tiny"), "cat /etc/os-release", remove=True).decode().split('"')[1]
