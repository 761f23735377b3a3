"""Find this machine's Engine, or install and start one."""

from __future__ import annotations

import shutil

import docker

from autograder.errors import EngineMissing
from autograder.host import packages
from autograder.host.advice import may_start
from autograder.host.client import Progress, connect, is_named, silent
from autograder.host.daemon import Daemon, start
from autograder.host.lock import exclusive


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
        if is_named() or not may_start() or "permission denied" in str(missing).lower():
            raise
    with exclusive("engine"):
        if shutil.which("dockerd") is None:
            wanted = ["docker.io"]
            packages.install(wanted, "Docker Engine", progress)
            # Debian 13 has the command in a package of its own, which docker.io only recommends.
            if shutil.which("docker") is None and packages.known("docker-cli"):
                packages.install(["docker-cli"], "Docker Engine", progress)
        start(Daemon(), progress)
        return connect()
