client.containers.run(
    "nginx",
    name=name("web"),
    detach=True,
    init=True,
    labels={"stage": "trial"},
    ports={"443/tcp": ("127.0.0.1", free_port()), "80/tcp": ("127.0.0.1", web_port)},
)
