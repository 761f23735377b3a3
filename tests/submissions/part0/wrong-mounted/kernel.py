import io, tarfile

predicted("kernel")
kernel_outside = client.info()["KernelVersion"]
system_outside = client.info()["OperatingSystem"]
kernel_inside = client.containers.run("busybox", "uname -r", remove=True).decode().strip()
still = client.containers.create(name("tiny"))
data = io.BytesIO(b"".join(still.get_archive("/etc/os-release")[0]))
with tarfile.open(fileobj=data) as archive:
    system_inside = archive.extractfile("os-release").read().decode().split('"')[1]
