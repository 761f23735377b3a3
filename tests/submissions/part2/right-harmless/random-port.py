predicted("restarted-port")
busy = client.containers.run("busybox", "sleep 600", name=name("lucky"), init=True, detach=True)
busy.remove(force=True)
lucky = client.containers.run(
    "nginx", name=name("lucky"), detach=True, ports={"80/tcp": ("127.0.0.1", None), "443/tcp": ("127.0.0.1", free_port())}
)
for _ in range(2):
    lucky.restart(timeout=2)
lucky.reload()
lucky_port = int(lucky.ports["80/tcp"][0]["HostPort"])
