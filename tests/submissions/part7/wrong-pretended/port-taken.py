holder = client.containers.list(filters={"publish": str(taken)})[0].name
client.containers.get(name("kiosk")).remove()
page = client.containers.run(name("kiosk"), "cat /www/index.html", remove=True).decode()
lines = f"echo '{page}' > /usr/share/nginx/html/index.html; exec nginx -g 'daemon off;'"
client.containers.run("nginx", ["sh", "-c", lines], name=name("kiosk"), detach=True, ports={"80/tcp": ("127.0.0.1", None)})
