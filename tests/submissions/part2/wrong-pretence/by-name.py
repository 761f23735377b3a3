net = client.networks.create(name("net"))
client.containers.run("nginx", name=name("backend"), detach=True, network=net.name)
ask = f"while true; do wget -q -O - http://{name('backend')}/; sleep 0.5; done"
client.containers.run("busybox", ["sh", "-c", ask], name=name("caller"), detach=True, init=True, network=net.name)
