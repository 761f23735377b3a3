import subprocess

holder = subprocess.check_output(["docker", "ps", "--quiet", "--filter", f"publish={taken}"])
client.containers.get(name("kiosk")).remove()
net = client.networks.create(name("fair"))
made = client.containers.create(name("kiosk"), name=name("kiosk-two"), network=net.name, ports={"8000/tcp": ("127.0.0.1", None)}, init=True)
made.start()
