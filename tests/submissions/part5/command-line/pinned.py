pinned = name("pinned")
!docker run --detach --init --name {pinned} {by_digest}
lines = !docker exec {pinned} dpkg-query --show --showformat '${{Package}} ${{Version}}\n'
inventory = dict(line.split() for line in lines)
affected = []
for package, repaired in advisories.items():
    verdict = !docker exec {pinned} dpkg --compare-versions {inventory[package]} lt {repaired} && echo older
    if verdict == ["older"]:
        affected.append(package)
