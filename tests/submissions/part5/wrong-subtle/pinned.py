by_digest = client.images.pull(vendor).attrs["RepoDigests"][0]
pinned = client.containers.run(by_digest, name=name("pinned"), detach=True, init=True)
inventory = dict(line.split() for line in pinned.exec_run("dpkg-query --show").output.decode().splitlines())
affected = []
