"""Install packages where possible: on Debian and Ubuntu, as root."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.host.client import Progress

LOCK_TIMEOUT = 300
"""How long to wait for another apt, such as the one that a new machine runs by itself."""
OPTIONS = ("-y", "-o", f"DPkg::Lock::Timeout={LOCK_TIMEOUT}", "-o", "Dpkg::Use-Pty=0")


class CannotInstall(AutograderError):
    """apt-get failed; the message ends with its last lines."""


def family() -> str:
    """Return the kind of system: ``debian`` (Ubuntu too), another Linux's name, ``Darwin`` or ``Windows``."""
    if platform.system() != "Linux":
        return platform.system()
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return "Linux"
    names = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    return "debian" if {"debian", "ubuntu"} & set(names) else names[0] or "Linux"


def can_install() -> bool:
    """Whether ``install`` may work here: Debian or Ubuntu, as root."""
    return family() == "debian" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str], what: str, progress: Progress) -> None:
    """Install Debian packages without asking anything; raises ``CannotInstall``.

    ``what`` is the thing that they are for, as shown to people.
    """
    # Old package lists name versions that the mirror may no longer have.
    update(what, progress)
    _apt_get([*OPTIONS, "install", "--no-install-recommends", *packages], what, progress)


def update(what: str, progress: Progress) -> None:
    """Load the package lists; raises ``CannotInstall``."""
    _apt_get([*OPTIONS, "update"], what, progress)


def known(package: str) -> bool:
    """Whether this system's package lists have the package."""
    found = subprocess.run(["apt-cache", "show", "--no-all-versions", package], capture_output=True, check=False)
    return found.returncode == 0 and bool(found.stdout.strip())


def _apt_get(arguments: Sequence[str], what: str, progress: Progress) -> None:
    environment = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "NEEDRESTART_SUSPEND": "1",
        "LC_ALL": "C.UTF-8",
    }
    last: list[str] = []
    with subprocess.Popen(
        ["apt-get", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip():
                last = [*last[-14:], line.rstrip()]
                progress(what, f"apt-get: {line.strip()}")
    if process.returncode:
        raise CannotInstall(
            f"`apt-get {' '.join(arguments)}` failed with exit status {process.returncode}. Its last lines:\n"
            + "\n".join(f"  {line}" for line in last)
        )
