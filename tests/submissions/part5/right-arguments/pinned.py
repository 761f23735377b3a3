pinned = client.containers.run(by_digest, name=name("pinned"), detach=True, init=True)
listed = pinned.exec_run(["dpkg-query", "--show"]).output.decode()
inventory = dict(line.split() for line in listed.splitlines())
affected = tuple(
    package
    for package, repaired in advisories.items()
    if pinned.exec_run(["dpkg", "--compare-versions", inventory[package], "lt", repaired]).exit_code == 0
)
