(setup.folder("site") / "Dockerfile").write_text("FROM nginx\nCOPY index.html /usr/share/nginx/html/\n")
client.images.build(path=site, tag=name("site"), rm=True)
client.containers.run(name("site"), name=name("site"), detach=True, ports={"80/tcp": ("127.0.0.1", None)})
