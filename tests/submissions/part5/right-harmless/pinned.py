client.containers.run(by_digest, "true", remove=True)
pinned = client.containers.run(by_digest, name=name("pinned"), labels={"team": "blue"}, ports={80: ("127.0.0.1", None)}, detach=True)
listed = pinned.exec_run(["dpkg-query", "--show"]).output
inventory = dict(line.split() for line in listed.splitlines())
affected = tuple(
    package.encode()
    for package, repaired in advisories.items()
    if not pinned.exec_run(["dpkg", "--compare-versions", inventory[package.encode()].decode(), "lt", repaired]).exit_code
)
pinned.stop(timeout=0)
