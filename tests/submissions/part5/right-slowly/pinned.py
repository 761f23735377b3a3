!docker run --name {name("pinned")} {vendor} true
!docker rm {name("pinned")}
!docker pull --quiet {by_digest}
!docker run --name {name("pinned")} --network none {by_digest} dpkg-query --show --showformat '${{Package}} ${{Version}}\n' > packages
inventory = dict(line.split() for line in Path("packages").read_text().splitlines())
affected = []
for package, repaired in sorted(advisories.items(), reverse=True):
    !docker run --rm debian:trixie-slim dpkg --compare-versions {inventory[package]} lt {repaired} && touch older-{package}
    if Path(f"older-{package}").exists():
        affected += [package, package]
