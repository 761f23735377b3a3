"""The way to the Docker Engine."""

from __future__ import annotations

import os
from typing import Any

import docker
from docker.context import ContextAPI
from docker.errors import DockerException
from requests.exceptions import RequestException

from course import record, repairs
from course.errors import CourseError, EngineUnreachable

SECONDS_TO_ANSWER = 60
"""Seconds the Engine may take for one answer before docker-py gives up."""


def connect() -> docker.DockerClient:
    """Return a client for the Engine that this machine uses.

    From the first call on, what the Engine does is written down for the checks (`course.record`).

    Raises `EngineUnreachable` with the steps to take if nothing answers.
    """
    try:
        client = _client(address())
        client.ping()
    except (DockerException, RequestException, OSError) as error:
        raise EngineUnreachable(_explain(error)) from None
    here = address()
    record.begin(place(), lambda: _client(here))
    return client


def _client(where: dict[str, Any]) -> docker.DockerClient:
    return docker.DockerClient(**where, timeout=SECONDS_TO_ANSWER, use_ssh_client=True)


def address() -> dict[str, Any]:
    """Return where the Engine is, as docker-py's arguments; empty for the usual socket.

    As the ``docker`` command decides it: ``DOCKER_HOST``, else the context in ``DOCKER_CONTEXT``, else the one that
    ``docker context use`` chose (Docker Desktop does that). Raises `DockerException` if there is no such context.
    """
    if os.environ.get("DOCKER_HOST"):
        return dict(docker.utils.kwargs_from_env())
    wanted = os.environ.get("DOCKER_CONTEXT")
    context = ContextAPI.get_context(wanted or None)
    if context is None:
        raise DockerException(f"there is no Docker context {wanted!r}; `docker context ls` lists them")
    if context.Name == "default" or context.Host is None:
        return {}
    return {"base_url": context.Host, "tls": context.TLSConfig or False}


def place() -> str:
    """Return the Engine's address for people and for taking apart, such as ``unix:///var/run/docker.sock``."""
    usual = "npipe:////./pipe/docker_engine" if os.name == "nt" else "unix:///var/run/docker.sock"
    try:
        return str(address().get("base_url", usual))
    except DockerException:
        return f"the context {os.environ.get('DOCKER_CONTEXT')}"


def socket_path() -> str:
    """Return the path of the Engine's Unix socket, for a conversation by hand.

    Raises `CourseError` if the Engine is reached in another way (TCP, SSH, a Windows pipe).
    """
    scheme, _, path = place().partition("://")
    if scheme != "unix" or not hasattr(__import__("socket"), "AF_UNIX"):
        raise CourseError(
            f"Your Engine is reached through {place()}, and this cell needs a Unix socket.\n"
            "Read on without running it: nothing later depends on it."
        )
    return "/" + path.lstrip("/")


def _explain(error: Exception) -> str:
    start = repairs.start_engine().replace("\n", "\n     ")
    return (
        f"No Docker Engine answers at {place()}.\n"
        "What to do:\n"
        f"  1. {start}\n"
        "  2. If that does not help, run in a cell:  from course import doctor; doctor()\n"
        "     It looks at your Docker and says what is wrong, and how to repair it.\n"
        "  3. Run this cell again.\n"
        f"(The Engine's side of it: {error})"
    )
