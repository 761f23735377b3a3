from docker.types import Mount

pages = Mount("/usr/share/nginx/html/", site, type="bind", read_only=True)
client.containers.run("nginx", name=name("site"), detach=True, ports={80: ("127.0.0.1", 0)}, mounts=[pages])
