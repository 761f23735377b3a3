pinned = client.containers.run(client.images.pull(by_digest), name=name("pinned"), detach=True, init=True)
pinned.remove(force=True)
pinned = client.containers.run(by_digest, name=name("pinned"), detach=True, init=True)
inventory = dict(line.split() for line in pinned.exec_run("dpkg-query --show").output.decode().splitlines())
affected = []
