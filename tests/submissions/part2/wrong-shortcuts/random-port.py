lucky_port = free_port()
lucky = client.containers.run("nginx", name=name("lucky"), detach=True, ports={"80/tcp": ("127.0.0.1", lucky_port)})
lucky.restart()
compare("restarted-port", "same")
