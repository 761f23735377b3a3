client.containers.run(
    "nginx", name=name("web"), detach=True, ports={"443/tcp": ("127.0.0.1", web_port), "80/tcp": ("127.0.0.1", None)}
)
