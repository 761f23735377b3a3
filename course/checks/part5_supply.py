"""The check of Part 5 on what an image is made of: pinned by digest, with a list of its packages."""

from __future__ import annotations

from typing import Any

from course import facts, run
from course.answers import answer
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts import Container
from course.facts.packages import debian_packages
from course.setups import part5 as setup
from course.setups.part5_vendor import vendor_affected, vendor_versions


def pinned() -> Report:
    """Exercise 39: the vendor's first edition was run by digest, and its packages were read and judged."""
    report = Report("Pinned, and looked into")
    given = {what: _given(what) for what in ("inventory", "affected")}  # before any container is made
    client, name = connect(), run.name("pinned")
    found, port = facts.container(client, name), setup.registry_port(client)
    if port is None:
        return report.give_up(
            failed="The registry of this exercise does not run.", hint="Run the cell that starts it again."
        )
    if found is None or found.started is None:
        return report.give_up(
            failed=f"There is no container {name} that was ever started.",
            hint="It may have ended, but it has to be there still.",
        )
    used = found.image_reference.partition("@")[2]
    repository = run.name(setup.VENDOR)
    report.require(
        bool(used) and facts.manifest_digest(port, repository, used) is not None,
        passed="It was run by digest, and the registry serves exactly this digest.",
        failed=_not_by_digest(found),
        hint="A name by digest has the form  place/repository@sha256:…  and the registry has to know the digest.",
        essential=True,
    )
    holds = debian_packages(client, found.image_id) or {}
    ours, theirs = vendor_versions(1), vendor_versions(2)
    report.require(
        holds.items() >= ours.items(),
        passed="What runs is the vendor's first edition, the one that was looked at.",
        failed="What runs is the vendor's second edition, which came under the same tag."
        if holds.items() >= theirs.items()
        else "What runs is not the vendor's image.",
        hint="The digest has to be noted before the tag moves. Set the exercise up again to begin anew.",
        essential=True,
    )
    report.require(
        lambda: _plain(_value(given["inventory"])) == holds,
        passed=f"inventory lists the {len(holds)} Debian packages of the image, with their versions.",
        failed=_wrong_inventory(given["inventory"], holds),
        hint="In the image, dpkg-query lists them, or the file /var/lib/dpkg/status.",
        essential=True,
    )
    report.require(
        lambda: _names(_value(given["affected"])) == vendor_affected(),
        passed=f"affected is right: {', '.join(vendor_affected())}.",
        failed=_misjudged(given["affected"], ours),
        hint="Which version is older? dpkg --compare-versions ONE lt OTHER ends with 0 if ONE is older.",
    )
    return report


def _given(what: str) -> Any | NoAnswer:
    try:
        return answer(what)
    except NoAnswer as reason:
        return reason


def _value(given: Any | NoAnswer) -> Any:
    if isinstance(given, NoAnswer):
        raise given
    return given


def _plain(given: Any) -> dict[str, str]:
    """Return names without an architecture: dpkg writes some as ``libc6:amd64``."""
    if not isinstance(given, dict):
        raise NoAnswer(f"inventory is {str(given)[:60]!r}; a dictionary from names to versions was expected.")
    return {str(name).partition(":")[0]: str(version).strip() for name, version in given.items()}


def _names(given: Any) -> list[str]:
    if not isinstance(given, list):
        raise NoAnswer(f"affected is {str(given)[:60]!r}; a list of package names was expected.")
    return sorted({str(name) for name in given})


def _not_by_digest(found: Container) -> str:
    reference = found.image_reference
    if "@sha256:" in reference:
        return f"It was run as {reference[:140]}, a digest that the registry does not serve."
    if found.image_id.removeprefix("sha256:").startswith(reference.removeprefix("sha256:")):
        return "It was run by the image's ID, which names it on this Engine only: no other machine finds it by that."
    return f"It was run by tag, as {reference[:120]}; and the vendor has moved that tag."


def _wrong_inventory(given: Any, holds: dict[str, str]) -> str:
    try:
        listed = _plain(_value(given))
    except NoAnswer as reason:
        return str(reason)
    if not set(vendor_versions(1)) & set(listed):
        return (
            "None of the vendor's packages is in inventory: it lists another system, perhaps this machine's."
        )
    if listed.items() >= vendor_versions(2).items():
        return "inventory lists the packages of the vendor's second edition, not of what runs."
    missing, more = sorted(holds.keys() - listed.keys()), sorted(listed.keys() - holds.keys())
    wrong = sorted(name for name in holds.keys() & listed.keys() if holds[name] != listed[name])
    told = [
        f"{what}: {', '.join(names[:3])}"
        for what, names in (("missing", missing), ("too many", more), ("other version", wrong))
        if names
    ]
    return f"inventory is not what the image has ({'; '.join(told)})."


def _misjudged(given: Any, installed: dict[str, str]) -> str:
    try:
        named = _names(_value(given))
    except NoAnswer as reason:
        return str(reason)
    fixed = setup.vendor_advisories()
    if named == sorted(name for name in installed if installed[name] < fixed[name]):
        return "affected is what comes out when versions are compared as text; there, 1.10 comes before 1.9."
    return (
        f"affected names {', '.join(named)[:120] or 'nothing'}; compared as Debian does it, it is otherwise."
    )
