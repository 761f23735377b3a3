lucky = client.containers.run("nginx", name=name("lucky"), detach=True, ports={"80/tcp": ("127.0.0.1", None)})
lucky.reload()
lucky_port = int(lucky.ports["80/tcp"][0]["HostPort"])
lucky.restart()
