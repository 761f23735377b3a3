"""Unprivileged user namespaces: every sandbox needs one, and some systems deny them.

Ubuntu from 23.10 on lets a process that AppArmor does not confine make one, but without any rights in it:
https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces. A container with ``apparmor=unconfined``
is such a process. A profile with the rule ``userns,`` lifts that for whoever runs under it; this package ships one.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import docker

from autograder.errors import SandboxError
from autograder.host.client import Progress, silent

PROFILE = "docker-course-sandbox"
"""Name of the AppArmor profile, and of its file."""
PROFILE_FILE = Path(__file__).with_name("apparmor") / PROFILE
INSTALLED = Path("/etc/apparmor.d") / PROFILE
"""Where profiles are that the system loads when it starts."""


@dataclass(frozen=True, slots=True)
class KernelSettings:
    """Where a kernel tells its settings and its AppArmor profiles."""

    settings: Path = Path("/proc/sys")
    profiles: Path = Path("/sys/kernel/security/apparmor/policy/profiles")

    @classmethod
    def of(cls, client: docker.DockerClient) -> KernelSettings | None:
        """Return the Engine's kernel if it is this machine's; one of another machine cannot be asked."""
        return cls() if client.info().get("KernelVersion") == os.uname().release else None

    def setting(self, name: str) -> int | None:
        """Return a setting's number; ``None`` if this kernel has none of that name."""
        try:
            return int((self.settings / name.replace(".", "/")).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def confines(self) -> bool:
        """Whether AppArmor withholds user namespaces from processes without a profile."""
        return self.setting("kernel.apparmor_restrict_unprivileged_userns") == 1

    def has_profile(self) -> bool | None:
        """Whether the profile of the sandboxes is loaded; ``None`` where that cannot be seen, as in a container."""
        try:
            # The kernel adds a number to a profile's name: docker-course-sandbox.12
            return any(path.name.rpartition(".")[0] == PROFILE for path in self.profiles.iterdir())
        except OSError:
            return None


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why sandboxes cannot have their user namespace, and the commands that repair it."""

    reason: str
    repair: str

    def __str__(self) -> str:
        steps = "\n".join(f"  {line}" for line in self.repair.splitlines())
        return f"Sandboxes cannot start: {self.reason}.\nTo repair this:\n{steps}"


def apparmor_profile(kernel: KernelSettings | None) -> str:
    """Return the AppArmor profile of sandboxes: the project's where it is loaded or needed, else ``unconfined``."""
    return PROFILE if kernel and (kernel.has_profile() or kernel.confines()) else "unconfined"


def withheld(kernel: KernelSettings | None, *, doubting: bool = False) -> Withheld | None:
    """Return what keeps sandboxes from a user namespace of their own; ``None`` if nothing that is known does.

    Args:
        kernel: the Engine's; nothing is known of one elsewhere.
        doubting: a profile that cannot be seen counts as missing.
    """
    if kernel is None:
        return None
    for name, allowed in (("user.max_user_namespaces", 10000), ("kernel.unprivileged_userns_clone", 1)):
        if kernel.setting(name) == 0:
            return Withheld(
                f"the kernel setting {name} is 0, so ordinary users cannot create user namespaces",
                f"sudo sysctl --write {name}={allowed}\n"
                f"echo {name}={allowed} | sudo tee /etc/sysctl.d/60-docker-course.conf   # also after a restart",
            )
    loaded = kernel.has_profile()
    if kernel.confines() and not loaded and (doubting or loaded is not None):
        return Withheld(
            "AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1), and the profile "
            f"{PROFILE}, which allows them for sandboxes, is not loaded",
            f"sudo cp {shlex.quote(str(PROFILE_FILE))} {INSTALLED.parent}/\nsudo apparmor_parser -r {INSTALLED}",
        )
    return None


def ensure_namespaces(kernel: KernelSettings | None, progress: Progress = silent) -> None:
    """Make sure that sandboxes can have user namespaces: as root, load the profile where AppArmor asks for it.

    Raises:
        SandboxError: they are withheld, and only a person may change that; says how.
    """
    found = withheld(kernel)
    if found is None or kernel is None:
        return
    if kernel.confines() and os.geteuid() == 0 and shutil.which("apparmor_parser"):
        progress("AppArmor", f"loading the profile {PROFILE}")
        shutil.copy(PROFILE_FILE, INSTALLED)
        subprocess.run(["apparmor_parser", "-r", str(INSTALLED)], capture_output=True, check=False)
        found = withheld(kernel)
    if found is not None:
        raise SandboxError(str(found))
