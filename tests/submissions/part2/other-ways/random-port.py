lucky = client.containers.run("nginx", name=name("lucky"), detach=True, ports={"80/tcp": ("127.0.0.1", 0)})
lucky.stop()
lucky.start()
lucky_port = client.api.port(lucky.id, 80)[0]["HostPort"]
lucky_port = float(lucky_port)
