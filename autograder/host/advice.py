"""Advice for a person when no Docker Engine answers."""

from __future__ import annotations

import os
import shutil

from autograder.host import packages
from course.endpoint import undo

STEPS = {
    "debian": """\
  sudo apt-get update
  sudo apt-get install -y docker.io
  sudo systemctl start docker          # without systemd: sudo dockerd &
  sudo usermod -aG docker "$USER"      # then log out and in, so that you need no sudo for Docker
Or run `docker-course setup` as root, which does the same.""",
    "fedora": """\
  sudo dnf install -y moby-engine
  sudo systemctl enable --now docker
  sudo usermod -aG docker "$USER"      # then log out and in""",
    "arch": """\
  sudo pacman -S docker
  sudo systemctl enable --now docker.service
  sudo usermod -aG docker "$USER"      # then log out and in""",
    "Darwin": """\
  Install Docker Desktop (https://docs.docker.com/desktop/setup/install/mac-install/), start it, and wait
  until its icon in the menu bar says that the Engine is running. Colima works too: brew install colima docker &&
  colima start""",
    "Windows": """\
  1. In PowerShell as administrator: wsl --install   (then restart)
  2. Install Docker Desktop (https://docs.docker.com/desktop/setup/install/windows-install/) with the WSL 2
     back end, start it, and enable your Linux distribution in Settings > Resources > WSL integration.
  3. Run this command in that Linux distribution.""",
}

OTHER_LINUX = """\
  Install the Docker Engine for your distribution (https://docs.docker.com/engine/install/) and start it:
  sudo systemctl enable --now docker"""


def advice(cause: str, *, named: bool) -> str:
    """Return the repair for this machine.

    Args:
        cause: why no Engine answered, in the system's words.
        named: the environment names the Engine, so that it is not this program's to start.
    """
    if named:
        return f"Start that Engine, or use this machine's own. {undo()}"
    if "permission denied" in cause.lower():
        return (
            "You have no permission to use this machine's Engine. An administrator can give it to you:\n"
            '  sudo usermod -aG docker "$USER"      # then log out and in'
        )
    if may_start():
        return "`docker-course setup` installs and starts one."
    return f"To get one on this system:\n{steps(packages.family())}"


def steps(family: str) -> str:
    """Return how a person gets an Engine on a system of this family."""
    return STEPS.get(family, OTHER_LINUX)


def may_start() -> bool:
    """Tell whether this program can install or start an Engine here: as root, on Linux."""
    if packages.can_install():
        return True
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("dockerd") is not None
