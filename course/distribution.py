"""Where this Linux has the command docker and its plug-ins: the package of its own archive, by that archive's name.

Debian and Ubuntu name them in different ways from release to release, so apt is asked. The other names are those of
https://packages.fedoraproject.org and https://archlinux.org/packages.
"""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from typing import Final, Literal

from course.programs import numbers, say

Program = Literal["client", "compose", "buildx"]

TITLES: Final[dict[Program, str]] = {"client": "the command docker", "compose": "Compose", "buildx": "buildx"}

DOCKERS: Final[dict[Program, str]] = {
    "client": "docker-ce-cli",
    "compose": "docker-compose-plugin",
    "buildx": "docker-buildx-plugin",
}
"""The packages in Docker's own archive: https://docs.docker.com/engine/install/debian/."""

APT: Final[dict[Program, tuple[str, ...]]] = {
    "client": ("docker-cli", "docker.io"),
    "compose": ("docker-compose-v2", "docker-compose"),
    "buildx": ("docker-buildx",),
}
"""Their names in the archives of Debian and Ubuntu; `docker-compose` is Compose 1 before Debian 13."""

OTHERS: Final[dict[str, tuple[str, dict[Program, str]]]] = {
    "fedora": (
        "sudo dnf install",
        {"client": "docker-cli", "compose": "docker-compose", "buildx": "docker-buildx"},
    ),
    "arch": (
        "sudo pacman -S",
        {"client": "docker", "compose": "docker-compose", "buildx": "docker-buildx"},
    ),
}


@dataclass(frozen=True, slots=True)
class Distribution:
    """A Linux distribution, as its release file names it."""

    id: str = "linux"
    like: tuple[str, ...] = ()
    title: str = "this Linux"
    codename: str = ""

    @property
    def family(self) -> str:
        """``debian`` (Ubuntu too), ``fedora``, ``arch``, or the distribution's own name."""
        known = [name for name in (self.id, *self.like) if name in ("debian", "ubuntu", *OTHERS)]
        return ("debian" if known[0] == "ubuntu" else known[0]) if known else self.id


def this() -> Distribution:
    """Return this machine's distribution, from ``/etc/os-release``."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return Distribution()
    title = f"{release.get('NAME', release['ID'])} {release.get('VERSION_ID', '')}".strip()
    return Distribution(
        release["ID"],
        tuple(release.get("ID_LIKE", "").split()),
        title.replace(" GNU/Linux", ""),
        release.get("UBUNTU_CODENAME") or release.get("VERSION_CODENAME", ""),
    )


def install(program: Program, oldest: tuple[int, ...] = ()) -> str | None:
    """Return the command that installs a program, in this version or a newer one; None if this Linux has no package."""
    system = this()
    if system.family == "debian":
        words = apt_package(program, oldest)
        return f"sudo apt-get install {words}" if words else None
    if system.family in OTHERS:
        command, packages = OTHERS[system.family]
        return f"{command} {packages[program]}"
    return None


def apt_package(program: Program, oldest: tuple[int, ...] = ()) -> str | None:
    """Return what to tell ``apt-get install`` for a program of this version or a newer one; None if it has none.

    Docker's own package comes first where its archive is set up. It holds the same file as the distribution's, which is
    therefore removed with it (a name with a minus).
    """
    known = _known((DOCKERS[program], *APT[program]))
    for name in (DOCKERS[program], *APT[program]):
        installed, candidate = known.get(name, ("", ""))
        if candidate and candidate != installed and _version(candidate) >= oldest:
            others = [other for other, (there, _) in known.items() if there and other != name and other in APT[program]]
            return " ".join([name, *(f"{other}-" for other in others if other != "docker.io")])
    return None


def has_lists() -> bool:
    """Tell whether apt knows what there is: a new machine has no package lists."""
    return bool(_known(("docker.io",)))


def _known(names: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Return the installed version of each package that apt knows, "" if none, and the one that it would install."""
    said = say("apt-cache", "policy", *names).output
    found = re.findall(r"^(\S+):\n +\S+: (\S+)\n +\S+: (\S+)$", said, re.MULTILINE)
    versions = {name: tuple("" if "(" in version else version for version in pair) for name, *pair in found}
    return {name: (installed, candidate) for name, (installed, candidate) in versions.items() if candidate}


def _version(text: str) -> tuple[int, ...]:
    """Return the program's version in a package's, which may begin with an epoch: ``5:28.0.1-1~debian``."""
    return numbers(text.rpartition(":")[2])


def dockers_archive(program: Program) -> str | None:
    """Return the commands that install a program from Docker's own archive; None if that is not for this system."""
    system = this()
    if system.id not in ("debian", "ubuntu") or not system.codename:
        return None
    where = f"https://download.docker.com/linux/{system.id}"
    key = "/etc/apt/keyrings/docker.asc"
    return (
        "sudo apt-get install ca-certificates curl\n"
        "sudo install -m 0755 -d /etc/apt/keyrings\n"
        f"sudo curl -fsSL {where}/gpg -o {key}\n"
        f'echo "deb [signed-by={key}] {where} {system.codename} stable" | '
        "sudo tee /etc/apt/sources.list.d/docker.list\n"
        "sudo apt-get update\n"
        f"sudo apt-get install {DOCKERS[program]}"
    )
