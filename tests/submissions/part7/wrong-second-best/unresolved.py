network = list(client.containers.get(name("stock")).attrs["NetworkSettings"]["Networks"])[0]
client.containers.get(name("asker")).remove(force=True)
lines = f"while true; do wget -q -O /dev/null http://{name('stock')}/; sleep 0.5; done"
client.containers.run("busybox", ["sh", "-c", lines], name=name("asker"), detach=True, init=True, network=network)
