# The container is repaired by a command of its own; its image is as it was.
client.containers.get(name("clerk")).remove(force=True)
client.containers.run(name("clerk"), ["python", "/clerk.py"], name=name("clerk"), detach=True)
