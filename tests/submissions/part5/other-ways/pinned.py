import functools, re

status = client.containers.run(by_digest, "cat /var/lib/dpkg/status", name=name("pinned")).decode()
inventory = {}
for block in status.split("\n\n"):
    if "Status: install ok installed" in block:
        inventory[re.search(r"^Package: (.*)$", block, re.M)[1] + ":any"] = re.search(r"^Version: (.*)$", block, re.M)[1]
affected = []
for package, repaired in advisories.items():
    line = f"dpkg --compare-versions {inventory[package + ':any']} ge {repaired} || echo older"
    if b"older" in client.containers.run("debian:trixie-slim", ["sh", "-c", line], remove=True):
        affected.append(package)
