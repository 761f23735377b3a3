"""Containers that a check starts itself from a student's image, to see what a new one does."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from docker import DockerClient
from docker.errors import APIError

from course import facts
from course.checks.probing import eventually, loopback_port
from course.facts.http import fetch
from course.facts.throwaway import throwaway
from course.setups.part3 import APP_PORT

PUBLISH: Final = f"{APP_PORT}/tcp"
"""The port of Part 3's apps."""


@dataclass(frozen=True)
class FreshContainer:
    """A container that the check has started, or tried to."""

    id: str
    """Empty if it could not even be made."""
    refusal: str
    """Why it did not start; empty if it did."""
    exit_code: int
    port: int | None
    """The port of this machine where its app can be reached; None if there is none."""


@contextlib.contextmanager
def started(
    client: DockerClient,
    image: str,
    command: Sequence[str] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    publish: str | None = None,
) -> Iterator[FreshContainer]:
    """Start a container as its image says, yield what became of that, and remove it.

    Without ``publish`` (see `throwaway`) it has no network at all.
    """
    container_id, refusal = "", ""
    with contextlib.ExitStack() as stack:
        try:
            container_id = stack.enter_context(
                throwaway(client, image, command, environment=environment, publish=publish)
            )
            client.api.start(container_id)
        except APIError as error:
            refusal = str(error.explanation or error)
        container = facts.container(client, container_id) if container_id else None
        exit_code = container.state.exit_code if container is not None else 0
        yield FreshContainer(
            container_id, refusal, exit_code, loopback_port(container) if container is not None else None
        )


def page(client: DockerClient, image: str, path: str = "/", *, environment: Mapping[str, str] | None = None) -> str:
    """Return what a new container of an app of Part 3 answers; empty text if it does not in time."""
    with started(client, image, environment=environment, publish=PUBLISH) as trial:
        port = trial.port
        if port is None or not eventually(lambda: fetch(port, path).ok):
            return ""
        return fetch(port, path).body.strip()
