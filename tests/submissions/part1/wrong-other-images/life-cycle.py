import time

container = client.containers.run("debian:trixie-slim", "sleep 300", name=name("life"), init=True, detach=True, remove=True)
container.pause()
container.unpause()
container.stop()
time.sleep(2)
