client.containers.run("nginx", name=name("web"), detach=True, ports={"8080/tcp": ("127.0.0.1", web_port)})
