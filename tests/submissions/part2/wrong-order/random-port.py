lucky = client.containers.run("nginx", name=name("lucky"), detach=True, ports={"8080/tcp": ("127.0.0.1", None)})
lucky.restart()
