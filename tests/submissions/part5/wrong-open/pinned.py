pinned = client.containers.run(by_digest, name=name("pinned"), detach=True, init=True)
inventory = {package: "1.0" for package in advisories}
affected = [package for package, repaired in advisories.items() if pinned.exec_run(["dpkg", "--compare-versions", pinned.exec_run(["dpkg-query", "--show", "--showformat", "${Version}", package]).output.decode(), "lt", repaired]).exit_code == 0]
