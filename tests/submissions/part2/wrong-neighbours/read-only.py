client.containers.run("nginx", name=name("site"), detach=True, ports={"80/tcp": None}, volumes=[site + ":/usr/share/nginx/html:ro"])
