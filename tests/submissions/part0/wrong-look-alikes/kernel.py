import pathlib

predicted("kernel")
kernel_outside = client.info()["KernelVersion"]
system_outside = client.info()["OperatingSystem"]
kernel_inside = client.containers.run(name("tiny"), "uname -r", remove=True).decode().strip()
system_inside = pathlib.Path("/etc/os-release").read_text().split('"')[1]
