"""Finds this machine's Engine, or installs and starts one."""

from __future__ import annotations

import os
import shutil

import docker

from autograder.errors import EngineMissing
from autograder.host import packages
from autograder.host.client import Progress, address, connect, silent
from autograder.host.daemon import Daemon, start
from autograder.host.lock import exclusive

STEPS = {
    "debian": """\
  sudo apt-get update
  sudo apt-get install -y docker.io
  sudo systemctl start docker          # without systemd: sudo dockerd &
  sudo usermod -aG docker "$USER"      # then log out and in, so that you need no sudo for Docker
Or run this command again as root: it does that itself.""",
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
  until its icon in the menu bar says that the Engine runs. Colima works too: brew install colima docker &&
  colima start""",
    "Windows": """\
  1. In PowerShell as administrator: wsl --install   (then restart)
  2. Install Docker Desktop (https://docs.docker.com/desktop/setup/install/windows-install/) with the WSL 2
     back end, start it, and in Settings > Resources > WSL integration switch on your Linux distribution.
  3. Run this command in that Linux distribution.""",
}

OTHER_LINUX = """\
  Install the Docker Engine for your distribution (https://docs.docker.com/engine/install/) and start it:
  sudo systemctl enable --now docker"""


def ensure_engine(progress: Progress = silent) -> docker.DockerClient:
    """Return a client of the Engine that answers here; the caller closes it.

    Where none answers, on Linux as root: on Debian and Ubuntu docker.io is installed, and the Engine is
    started (by systemd where it runs, else in the background), whatever a killed one left behind.
    Elsewhere, and where the environment names an Engine (``DOCKER_HOST``, a context), raises
    ``EngineMissing`` with the steps to take.
    """
    try:
        return connect()
    except EngineMissing as missing:
        if address() or os.environ.get("DOCKER_HOST"):
            raise EngineMissing(
                f"{missing}\nThe environment names that Engine (DOCKER_HOST, DOCKER_CONTEXT or `docker "
                "context use`): start it, or unset that to use this machine's own."
            ) from missing
        if "permission denied" in str(missing).lower():
            raise EngineMissing(
                f"{missing}\nYou may not use this machine's Engine. An administrator can allow it:\n"
                '  sudo usermod -aG docker "$USER"      # then log out and in'
            ) from missing
        reason = str(missing)
    if not _may_start():
        raise EngineMissing(f"{reason}\nTo get one on this system:\n{steps(packages.family())}")
    with exclusive("engine"):
        if shutil.which("dockerd") is None:
            wanted = ["docker.io"]
            packages.install(wanted, "Docker Engine", progress)
            # Debian 13 has the command in a package of its own, which docker.io only recommends.
            if shutil.which("docker") is None and packages.known("docker-cli"):
                packages.install(["docker-cli"], "Docker Engine", progress)
        start(Daemon(), progress)
        return connect()


def steps(family: str) -> str:
    """How a person gets an Engine on a system of this family."""
    return STEPS.get(family, OTHER_LINUX)


def _may_start() -> bool:
    if packages.can_install():
        return True
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("dockerd") is not None
