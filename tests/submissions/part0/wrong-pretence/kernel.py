predicted("kernel")
kernel_outside = client.info()["KernelVersion"]
system_outside = client.info()["OperatingSystem"]
kernel_inside = client.containers.run("debian:trixie-slim", "uname -r", remove=True).decode().strip()
text = client.containers.run("debian:trixie-slim", "cat /etc/os-release", remove=True).decode()
system_inside = text.split('"')[1].replace("13", "13.0")
