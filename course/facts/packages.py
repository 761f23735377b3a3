"""The packages in an image: what Debian's package manager and Python's installers wrote down there.

Debian's list is ``/var/lib/dpkg/status``, https://manpages.debian.org/trixie/dpkg/dpkg-query.1.en.html; Python's are
the ``METADATA`` files, https://packaging.python.org/en/latest/specifications/recording-installed-packages/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import Parser
from typing import Final

import docker

from course.facts.filesystem import MAX_ARCHIVE, read_image_file, unpacked

_METADATA: Final = re.compile(r".*\.(dist-info/METADATA|egg-info/PKG-INFO|egg-info)")
_MAX_BYTES: Final = 16 << 20


@dataclass(frozen=True)
class Package:
    """One installed package."""

    kind: str
    """``deb`` for Debian's, ``pypi`` for Python's."""
    name: str
    version: str
    source: str
    """The package from whose source it was built; advisories name that one."""
    source_version: str


@dataclass(frozen=True)
class Inventory:
    """What an image holds."""

    release: str
    """Code name of the Debian release, such as ``trixie``; empty if it is none."""
    packages: tuple[Package, ...]

    def of(self, kind: str) -> dict[str, str]:
        """Return the versions of one kind of packages, by name."""
        return {package.name: package.version for package in self.packages if package.kind == kind}


def inventory(client: docker.DockerClient, image: str) -> Inventory | None:
    """Read an image's lists of packages, without running anything in it; None if there is no such image."""
    release, found = "", set[Package]()
    with unpacked(client, image) as archive:
        if archive is None:
            return None
        for member in archive:
            name = member.name.removeprefix("./")
            wanted = name in ("var/lib/dpkg/status", "usr/lib/os-release", "etc/os-release")
            if not member.isfile() or member.size > _MAX_BYTES or not (wanted or _METADATA.fullmatch(name)):
                continue
            content = archive.extractfile(member)
            text = content.read().decode("utf-8", "replace") if content else ""
            if name.endswith("os-release"):
                release = code_name(text) or release
            else:
                found.update(debian(text) if wanted else python(text))
    return Inventory(release, tuple(sorted(found, key=lambda p: (p.kind, p.name, p.version))))


def debian_packages(client: docker.DockerClient, image: str) -> dict[str, str] | None:
    """Return the versions of an image's Debian packages, by name; None if it has no list of them."""
    content = read_image_file(client, image, "/var/lib/dpkg/status", most=MAX_ARCHIVE)
    return {p.name: p.version for p in debian(content.decode("utf-8", "replace"))} if content else None


def debian(status: str) -> Iterator[Package]:
    """Read ``/var/lib/dpkg/status``; packages that were removed, with only settings left, are left out."""
    for paragraph in status.split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): *(.*)$", paragraph, re.MULTILINE))
        name, version = fields.get("Package", ""), fields.get("Version", "")
        if name and version and fields.get("Status", "").endswith(" installed"):
            source, _, rest = (fields.get("Source") or name).partition(" ")
            yield Package("deb", name, version, source, rest.strip("()") or version)


def python(metadata: str) -> Iterator[Package]:
    """Read a METADATA file; names are brought to the form in which small letters and hyphens count."""
    fields = Parser().parsestr(metadata, headersonly=True)
    name, version = fields.get("Name"), fields.get("Version")
    if name and version:
        name = re.sub(r"[-_.]+", "-", name).lower()
        yield Package("pypi", name, version, name, version)


def code_name(os_release: str) -> str:
    """Return the code name of a Debian release, or empty text for another system."""
    fields = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', os_release, re.MULTILINE))
    return fields.get("VERSION_CODENAME", "") if fields.get("ID") == "debian" else ""
