"""A small scanner: the packages in an image, matched against the advisories that come with the course.

It does what the large ones do at heart: read lists of packages, compare versions. `LIMITS` says what it does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any, Final

import docker

from course.engine import connect
from course.errors import CourseError
from course.facts.packages import Inventory, Package, inventory
from course.facts.versions import older
from course.show import Shown

LIMITS: Final = (
    "It reads Debian's and Python's lists only, knows few advisories, and believes the version numbers: it sees no "
    "program that was copied in by hand, and no repair that a distribution made under an old number."
)


@dataclass(frozen=True)
class Advisory:
    """A published weakness, and the versions that have it."""

    id: str
    kind: str
    """``deb`` or ``pypi``."""
    package: str
    """Debian's source package, or Python's package."""
    ranges: tuple[tuple[str, str], ...]
    """From the first version that has it (empty: from the beginning) up to the first one that no longer has it."""
    release: str = ""
    """The Debian release that it is about."""
    about: str = ""

    @classmethod
    def read(cls, data: dict[str, Any]) -> Advisory:
        """Make the record from an entry of the file."""
        ranges = tuple((str(first), str(fixed)) for first, fixed in data["ranges"])
        return cls(data["id"], data["kind"], data["package"], ranges, data.get("release", ""), data.get("about", ""))

    def concerns(self, package: Package, release: str) -> str | None:
        """Return the version that repairs this package, or None if it is not affected."""
        if (self.kind, self.package) != (package.kind, package.source) or self.release not in ("", release):
            return None
        version = package.source_version
        for first, fixed in self.ranges:
            if not (first and older(self.kind, version, first)) and older(self.kind, version, fixed):
                return fixed
        return None


@dataclass(frozen=True)
class Vulnerability:
    """A package that has a weakness."""

    package: Package
    advisory: Advisory
    fixed: str


def shipped() -> tuple[str, tuple[Advisory, ...]]:
    """Return the day of the course's list, and its advisories."""
    data = json.loads(files("course").joinpath("advisories.json").read_text(encoding="utf-8"))
    return data["as_of"], tuple(Advisory.read(entry) for entry in data["advisories"])


def match(holds: Inventory, advisories: Iterable[Advisory]) -> tuple[Vulnerability, ...]:
    """Return what the advisories say about these packages."""
    known = list(advisories)
    return tuple(
        Vulnerability(package, advisory, fixed)
        for package in holds.packages
        for advisory in known
        if (fixed := advisory.concerns(package, holds.release)) is not None
    )


def scan(image: str, client: docker.DockerClient | None = None) -> Shown:
    """Show which packages of an image the course's advisories are about. Nothing in the image is run.

    Raises `CourseError` if there is no such image.
    """
    holds = inventory(client or connect(), image)
    if holds is None:
        raise CourseError(f"There is no image {image} on this Engine.")
    day, advisories = shipped()
    return table(image, holds, match(holds, advisories), f"{len(advisories)} advisories of {day}")


def table(image: str, holds: Inventory, found: tuple[Vulnerability, ...], against: str) -> Shown:
    """Show findings that were made already."""
    counts = {kind: sum(p.kind == kind for p in holds.packages) for kind in ("deb", "pypi")}
    head = (
        f"{image}: {counts['deb']} Debian packages, {counts['pypi']} Python packages, against {against}: "
        f"{len(found)} finding{'s' * (len(found) != 1)}."
    )
    rows = [
        (f.package.name, f.package.version, f.fixed, f.advisory.id, f.advisory.about)
        for f in sorted(found, key=lambda f: (f.package.name, f.advisory.id))
    ]
    lines = [f"  {name} {version}, repaired in {fixed}: {id}, {about}" for name, version, fixed, id, about in rows]
    titles = "".join(f"<th>{t}</th>" for t in ("package", "installed", "repaired in", "advisory", "what it is"))
    cells = "".join("<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row) + "</tr>" for row in rows)
    grid = f"<table><tr>{titles}</tr>{cells}</table>" if rows else ""
    return Shown("\n".join([head, *lines, LIMITS]), f"<p>{escape(head)}</p>{grid}<p><em>{escape(LIMITS)}</em></p>")
