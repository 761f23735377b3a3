import io, platform, tarfile

predicted("kernel")
kernel_outside = platform.release()
system_outside = platform.freedesktop_os_release()["PRETTY_NAME"]
kernel_inside = client.containers.run(name("tiny"), "cat /proc/sys/kernel/osrelease", remove=True).decode()
still = client.containers.create(name("tiny"))
data = io.BytesIO(b"".join(still.get_archive("/etc/os-release")[0]))
with tarfile.open(fileobj=data) as archive:
    system_inside = archive.extractfile("os-release").read().decode()
still.remove()
