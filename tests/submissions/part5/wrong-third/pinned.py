import subprocess

pinned = client.containers.run(by_digest, name=name("pinned"), detach=True, init=True)
listed = subprocess.run(["dpkg-query", "--show"], capture_output=True, text=True).stdout
inventory = dict(line.split() for line in listed.splitlines())
affected = [package for package in advisories if package in inventory]
