client.containers.run("nginx", name=name("web"), detach=True, ports={"80/tcp": web_port})
