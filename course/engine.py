"""The way to the Docker Engine."""

from __future__ import annotations

import os
import sys

import docker
from docker.errors import DockerException
from requests.exceptions import RequestException

from course.errors import CourseError, EngineUnreachable

SECONDS_TO_ANSWER = 60
"""Seconds the Engine may take for one answer before docker-py gives up."""

_START = {
    "linux": "Start it with:  sudo systemctl start docker\n"
    "     If that says that docker is unknown, install it:  https://docs.docker.com/engine/install/",
    "darwin": "Start Docker Desktop (or the program you use in its place) and wait until it says it is running.",
    "win32": "Start Docker Desktop and wait until it says that it is running.",
}


def connect() -> docker.DockerClient:
    """Return a client for the Engine that this machine uses.

    The address is taken from ``DOCKER_HOST``, else it is the usual socket, as the ``docker`` command does it.
    Raises `EngineUnreachable` with the steps to take if nothing answers there.
    """
    try:
        client = docker.from_env(timeout=SECONDS_TO_ANSWER)
        client.ping()
    except (DockerException, RequestException, OSError) as error:
        raise EngineUnreachable(_explain(error)) from None
    return client


def socket_path() -> str:
    """Return the path of the Engine's Unix socket, for a conversation by hand.

    Raises `CourseError` if the Engine is reached in another way (TCP, SSH, a Windows pipe).
    """
    address = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    scheme, _, path = address.partition("://")
    if scheme != "unix" or not hasattr(__import__("socket"), "AF_UNIX"):
        raise CourseError(
            f"Your Engine is reached through {address}, and this cell needs a Unix socket.\n"
            "Read on without running it: nothing later depends on it."
        )
    return "/" + path.lstrip("/")


def _explain(error: Exception) -> str:
    address = os.environ.get("DOCKER_HOST", "the usual place, /var/run/docker.sock")
    start = _START.get(sys.platform, _START["linux"])
    return (
        f"No Docker Engine answers at {address}.\n"
        "What to do:\n"
        f"  1. {start}\n"
        "  2. In a terminal, run:  docker version\n"
        "     It must show a part called “Server”. If it says “permission denied”, your user may not use Docker:\n"
        "     on Linux run  sudo usermod -aG docker $USER  then log out and in again.\n"
        "  3. Run this cell again.\n"
        f"(The Engine's side of it: {error})"
    )
