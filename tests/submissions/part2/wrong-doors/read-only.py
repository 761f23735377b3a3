client.containers.run(
    "nginx",
    name=name("site"),
    detach=True,
    ports={"80/tcp": ("127.0.0.1", None)},
    volumes=[site + ":/usr/share/nginx/html:ro", site + ":/work:rw"],
)
