"""Containers that are needed for a moment: made with one set of limits, and removed in any case."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import docker
from docker.errors import APIError

from course import run
from course.facts.image import pinned

MEMORY: Final = "256m"
"""The most memory that a throw-away container has."""
MAX_PROCESSES: Final = 256


@contextlib.contextmanager
def throwaway(
    client: docker.DockerClient,
    image: str,
    command: Sequence[str] | None = None,
    *,
    network: str = "none",
    publish: str | None = None,
    entrypoint: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    working_dir: str | None = None,
    stdin_open: bool = False,
    tty: bool = False,
    healthcheck: Mapping[str, Any] | None = None,
    **host: Any,
) -> Iterator[str]:
    """Make a container, yield its ID, and remove it with its volumes afterwards; nothing is started.

    Args:
        client: the Engine.
        image: name or ID; the name of a course image means the image that it named at the start (`pinned`).
        command, entrypoint, environment, user, working_dir, healthcheck: as the API has them; None for the image's own.
        stdin_open, tty: whether its program's input is kept open, and whether it has a terminal.
        network: a network's name, ``bridge``, or ``container:ID`` for that of another container.
        publish: a port of the container, such as ``80/tcp``: it is on the default network then, and the port is
            published at 127.0.0.1, at a port that the Engine chooses.
        **host: more of docker-py's ``create_host_config``, such as ``mounts`` or ``pid_mode``.

    Raises:
        docker.errors.APIError: the Engine does not make it.
    """
    if publish:
        network, host["port_bindings"] = "bridge", {publish: ("127.0.0.1", None)}
    container = client.api.create_container(
        pinned(image),
        list(command) if command is not None else None,
        entrypoint=list(entrypoint) if entrypoint is not None else None,
        environment=dict(environment or {}),
        user=user,
        working_dir=working_dir,
        stdin_open=stdin_open,
        tty=tty,
        healthcheck=dict(healthcheck) if healthcheck else None,
        ports=[tuple(publish.split("/"))] if publish else None,
        labels=run.labels(),
        host_config=client.api.create_host_config(
            network_mode=network, mem_limit=MEMORY, pids_limit=MAX_PROCESSES, **host
        ),
    )["Id"]
    try:
        yield container
    finally:
        with contextlib.suppress(APIError):  # gone already, or on its way
            client.api.remove_container(container, force=True, v=True)
