"""The vendor's image of exercise ``pinned``: real Debian packages, with versions that are easily misread."""

from __future__ import annotations

import random
from typing import Final, NamedTuple

from course import run

VENDOR: Final = "vendor"
PACKAGES: Final = ("vendor-fonts", "vendor-keys", "vendor-maps", "vendor-tools")
BASE: Final = "debian:trixie-slim"


class _Pair(NamedTuple):
    first: str
    """Version in edition 1 of the image."""
    second: str
    repaired: str


def vendor_versions(edition: int) -> dict[str, str]:
    """Return the versions of the vendor's packages in edition 1 or 2 of the image."""
    return {name: pair.first if edition == 1 else pair.second for name, pair in _pairs().items()}


def vendor_advisories() -> dict[str, str]:
    """Return the vendor's advisories: for each package the first version that no longer has the weakness."""
    return {name: pair.repaired for name, pair in _pairs().items()}


def vendor_recipe(edition: int) -> str:
    """Return the Dockerfile of edition 1 or 2 of the image."""
    made = " && ".join(_make(name, version) for name, version in vendor_versions(edition).items())
    return f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
RUN mkdir -p /made/DEBIAN && {made} && rm -r /made /made.deb
CMD ["sleep", "86400"]
"""


def _make(name: str, version: str) -> str:
    """Return the shell commands that make one package and install it."""
    fields = [
        f"Package: {name}",
        f"Version: {version}",
        "Architecture: all",
        "Description: made for an exercise",
    ]
    lines = "\\n".join([*fields, "Maintainer: The vendor <vendor@example.org>", ""])
    into = "/made/DEBIAN/control"
    return f"printf '{lines}' > {into} && dpkg-deb --build /made /made.deb && dpkg --install /made.deb"


def _pairs() -> dict[str, _Pair]:
    """Return what there is to know of each package. Read as text, each of the four gives the wrong verdict."""
    chance = random.Random(f"vendor-{run.token()}")  # noqa: S311  not a secret
    small, large, last = chance.randint(2, 9), chance.randint(10, 29), chance.randint(1, 9)
    kinds = [
        _Pair(f"1.{small}-{last}", f"1.{large}-2", f"1.{large}-1"),
        _Pair(f"2.{large}-{last}", f"2.{large + 1}-1", f"2.{small}-1"),
        _Pair(f"3.{small}~rc{last}-1", f"3.{small}-2", f"3.{small}-1"),
        _Pair(f"1:0.{small}-{last}", f"1:0.{small + 1}-1", f"2.{last}-1"),
    ]
    chance.shuffle(kinds)
    return dict(zip(PACKAGES, kinds, strict=True))
