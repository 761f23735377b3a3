import pathlib

place = pathlib.Path.cwd() / name("scratch")
place.mkdir(exist_ok=True)
client.containers.run("busybox", "sleep 600", name=name("fast"), init=True, detach=True, volumes=[f"{place}:/scratch"])
