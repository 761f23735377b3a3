from docker.types import Mount

pages = Mount("/usr/share/nginx/html/", site, type="bind", read_only=True)
client.containers.run("nginx", name=name("site"), detach=True, publish_all_ports=True, mounts=[pages])
