kernel_outside = client.info()["KernelVersion"]
system_outside = client.info()["OperatingSystem"]
kernel_inside = client.containers.run(name("tiny"), "uname -r", remove=True).decode().strip()
text = client.containers.run("debian:trixie-slim", "cat /etc/os-release", remove=True).decode()
system_inside = text.split('"')[1]
