from pathlib import Path
holder = client.containers.list(filters={"publish": str(taken)})[0].name
!docker rm -f {name("kiosk")}
!docker network create {name("n")}
!docker run -d --init --network {name("n")} --name {name("kiosk")} -p 127.0.0.1::8000 {name("kiosk")}
lines = f"echo 'server {{ listen 80; location / {{ proxy_pass http://{name('kiosk')}:8000; }} }}' > /etc/nginx/conf.d/default.conf; exec nginx -g 'daemon off;'"
client.containers.run("nginx", ["sh", "-c", lines], name=name("door"), detach=True, network=name("n"), ports={"80/tcp": ("0.0.0.0", None)})
