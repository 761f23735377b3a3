net = client.networks.create(name("pages"))
client.containers.run(
    "nginx",
    name=name("site"),
    detach=True,
    init=True,
    network=net.name,
    extra_hosts={"host.docker.internal": "host-gateway"},
    ports={"443/tcp": ("127.0.0.1", None), "80/tcp": ("127.0.0.1", None)},
    healthcheck={"test": ["CMD", "true"], "interval": 1_000_000_000},
    volumes=[f"{site}/:/usr/share/nginx/html:ro", f"{name('cache')}:/var/cache/nginx"],
)
