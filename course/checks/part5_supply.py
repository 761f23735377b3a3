"""The check of Part 5 on what an image is made of: pinned by digest, with a list of its packages."""

from __future__ import annotations

from collections.abc import Mapping

from course import facts, run
from course.answers import answer
from course.checks import criteria
from course.checks.answers import dictionary, read_now
from course.checks.check import Check, exercise
from course.errors import NoAnswer
from course.facts.packages import debian_packages
from course.facts.versions import older
from course.setups import part5 as setup
from course.setups.part5_vendor import vendor_advisories, vendor_versions


@exercise
def pinned(check: Check) -> None:
    """Require that the vendor's first edition was run by digest, and that its packages were read and judged."""
    inventory, affected = read_now("inventory", package_versions), read_now("affected", package_names)
    name = run.name("pinned")
    container = facts.container(check.client, name)
    if container is None or container.state.started_at is None:
        check.stop(
            "by-digest",
            f"There is no container {name} that was ever started.",
            "It may have ended, but it must still exist.",
        )
    port = check.need(
        "by-digest",
        setup.registry_port(check.client),
        "The registry of this exercise does not run.",
        "Run the cell that starts it again.",
    )
    criteria.by_digest(
        check, "by-digest", container, port, run.name(setup.VENDOR), "and the vendor has moved that tag."
    )
    check.settle()
    with check.disturbing():
        holds = debian_packages(check.client, container.image) or {}
    ours, theirs = vendor_versions(1), vendor_versions(2)
    check.require(
        "first-edition",
        holds.items() >= ours.items(),
        "What runs is the vendor's second edition, which came under the same tag."
        if holds.items() >= theirs.items()
        else "What runs is not the vendor's image.",
        "Note the digest before the tag moves. Set the exercise up again to start over.",
    )
    check.settle()
    check.require(
        "inventory",
        lambda: inventory() == holds,
        lambda: wrong_inventory(inventory(), holds),
        "In the image, dpkg-query lists them, or the file /var/lib/dpkg/status.",
    )
    check.require(
        "affected",
        lambda: affected() == vendor_affected(),
        lambda: misjudged(affected(), ours),
        "Which version is older? dpkg --compare-versions ONE lt OTHER ends with 0 if ONE is older.",
    )


def vendor_affected() -> list[str]:
    """Return the packages of the vendor's first edition that are older than its advisories ask for."""
    installed = vendor_versions(1)
    return sorted(name for name, repaired in vendor_advisories().items() if older("deb", installed[name], repaired))


def package_versions(name: str) -> dict[str, str]:
    """Return the student's variable as versions by package name.

    Names are without an architecture: dpkg writes some as ``libc6:amd64``. Raises `NoAnswer` if it is no dictionary.
    """
    return {
        str(package).partition(":")[0].strip(): str(version).strip() for package, version in dictionary(name).items()
    }


def package_names(name: str) -> list[str]:
    """Return the student's variable as sorted names, each once; raises `NoAnswer` if it is no list."""
    value = answer(name)
    if not isinstance(value, list):
        raise NoAnswer(f"{name} is {str(value)[:60]!r}; a list of package names was expected.")
    return sorted({str(package).partition(":")[0].strip() for package in value})


def wrong_inventory(listed: Mapping[str, str], holds: Mapping[str, str]) -> str:
    """Return a sentence on a list of packages that is not what the image holds."""
    if not set(vendor_versions(1)) & set(listed):
        return "None of the vendor's packages is in inventory: it lists another system, perhaps this machine's."
    if listed.items() >= vendor_versions(2).items():
        return "inventory lists the packages of the vendor's second edition, not of what runs."
    missing, more = sorted(holds.keys() - listed.keys()), sorted(listed.keys() - holds.keys())
    wrong = sorted(name for name in holds.keys() & listed.keys() if holds[name] != listed[name])
    differences = [
        f"{what}: {', '.join(names[:3])}"
        for what, names in (("missing", missing), ("too many", more), ("other version", wrong))
        if names
    ]
    return f"inventory is not what the image has ({'; '.join(differences)})."


def misjudged(named: list[str], installed: Mapping[str, str]) -> str:
    """Return a sentence on packages that were wrongly taken for the affected ones."""
    fixed = setup.vendor_advisories()
    if named == sorted(name for name in installed if installed[name] < fixed[name]):
        return "affected is what comes out when versions are compared as text; there, 1.10 comes before 1.9."
    return f"affected names {', '.join(named)[:120] or 'nothing'}; compared as Debian does, the answer is another one."
