made = client.containers.create(
    "nginx",
    ["nginx", "-g", "daemon off;"],
    entrypoint=[],
    name=name("web"),
    ports={"80/tcp": [("127.0.0.1", web_port), ("127.0.0.1", free_port())]},
    healthcheck={"test": ["CMD-SHELL", "curl -f http://127.0.0.1/ || exit 1"], "interval": 1_000_000_000},
)
made.start()
