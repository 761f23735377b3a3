"""Containers that a check starts itself from a student's image, to see what a new one does."""

from __future__ import annotations

import contextlib
import io
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from docker import DockerClient
from docker.errors import APIError

from course import facts
from course.checks.probing import becomes, eventually, log_lines, loopback_port
from course.facts.http import Reply, fetch
from course.facts.throwaway import throwaway
from course.setups.part3 import APP_PORT

PUBLISH: Final = f"{APP_PORT}/tcp"
"""The port of Part 3's apps."""
PATIENCE: Final = 30.0
"""Seconds that a program may take to start or to end, on a busy machine too; one that has ended is not waited for."""


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
    files: Mapping[str, bytes] | None = None,
    **settings: Any,
) -> Iterator[FreshContainer]:
    """Start a container as its image says, yield what became of that, and remove it.

    ``settings`` are those of `throwaway`; without ``publish`` it has no network at all. ``files`` are put in place of
    those that the image has there.
    """
    container_id, refusal = "", ""
    with contextlib.ExitStack() as stack:
        try:
            container_id = stack.enter_context(throwaway(client, image, command, **settings))
            for path, content in (files or {}).items():
                directory, _, name = f"/{path}".rpartition("/")
                client.api.put_archive(container_id, directory or "/", packed(name, content))
            client.api.start(container_id)
        except APIError as error:
            refusal = str(error.explanation or error)
        container = facts.container(client, container_id) if container_id else None
        exit_code = container.state.exit_code if container is not None else 0
        yield FreshContainer(
            container_id, refusal, exit_code, loopback_port(container) if container is not None else None
        )


def page(client: DockerClient, image: str, path: str = "/", **settings: Any) -> str:
    """Return what a new container of an app of Part 3 answers; empty text if it does not in time.

    ``settings`` are those of `started`.
    """
    with started(client, image, publish=PUBLISH, **settings) as trial:
        reply = serves(client, trial.id, trial.port, path) if trial.port else Reply(None)
        return reply.body.strip() if reply.ok else ""


def serves(client: DockerClient, container_id: str, port: int, path: str = "/") -> Reply:
    """Wait until a container that was started answers, or has ended, and return what it answers then."""

    def settled() -> bool:
        container = facts.container(client, container_id)
        return container is None or not container.running or fetch(port, path).ok

    eventually(settled, PATIENCE)
    return fetch(port, path)


def output(client: DockerClient, image: str, command: Sequence[str] | None, files: Mapping[str, bytes]) -> str:
    """Return what a container prints that has ended, with other files than its image has; empty text if nothing."""
    with started(client, image, command, files=files) as trial:
        if trial.refusal:
            return ""
        becomes(client, trial.id, lambda container: not container.running, PATIENCE)
        return "\n".join(log_lines(client, trial.id))


def packed(name: str, content: bytes) -> bytes:
    """Return an archive of one file, a program that all may run, changed just now: servers that reload look at that."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = len(content), 0o755, int(time.time())
        archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
