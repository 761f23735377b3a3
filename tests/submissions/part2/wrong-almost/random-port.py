predicted("restarted-port")
for _ in range(2):
    lucky = client.containers.run("nginx", name=name("lucky"), detach=True, ports={"80/tcp": ("127.0.0.1", None)})
    if _ == 0:
        lucky.remove(force=True)
lucky.reload()
lucky_port = int(lucky.ports["80/tcp"][0]["HostPort"])
