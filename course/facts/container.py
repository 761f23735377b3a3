"""Facts about a container, what a program in one does, and what a file in one holds."""

from __future__ import annotations

import contextlib
import io
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import docker
from docker.errors import APIError, NotFound
from requests.exceptions import ConnectionError as LinkError
from requests.exceptions import ReadTimeout

from course import run
from course.facts.image import pinned
from course.facts.values import texts, when

_OUTPUT_BYTES = 64 * 1024


@dataclass(frozen=True)
class Container:
    """A container as ``inspect`` describes it."""

    id: str
    name: str
    state: str
    """``created``, ``running``, ``paused``, ``restarting``, ``exited`` or ``dead``."""
    image_id: str
    """The image it runs on; this never changes, whatever happens to tags."""
    image_reference: str
    """What was written when it was made: a tag, a digest or an ID."""
    created: float
    """Seconds since 1970, by the Engine's clock."""
    started: float | None
    """Seconds since 1970; None if it has never been started."""
    exit_code: int
    command: tuple[str, ...]
    ports: tuple[tuple[str, str, int], ...]
    """Published ports: (``"80/tcp"``, address on this machine, port on this machine)."""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Container:
        """Make the record from the Engine's answer to ``GET /containers/{id}/json``."""
        state, config = data.get("State") or {}, data.get("Config") or {}
        published = (data.get("NetworkSettings") or {}).get("Ports") or {}
        return cls(
            id=data["Id"],
            name=str(data.get("Name") or "").removeprefix("/"),
            state=str(state.get("Status") or ""),
            image_id=str(data.get("Image") or ""),
            image_reference=str(config.get("Image") or ""),
            created=when(data.get("Created")) or 0.0,
            started=when(state.get("StartedAt")),
            exit_code=int(state.get("ExitCode") or 0),
            command=texts(config.get("Entrypoint")) + texts(config.get("Cmd")),
            ports=tuple(
                (inside, str(place.get("HostIp") or ""), int(place["HostPort"]))
                for inside, places in published.items()
                for place in places or ()
                if place.get("HostPort")
            ),
        )


@dataclass(frozen=True)
class Outcome:
    """What a program in a container did."""

    exit_code: int | None
    """None if it was still running when its time was up."""
    output: str
    """Standard output and standard error, cut at 64 KiB."""


def container(client: docker.DockerClient, name: str) -> Container | None:
    """Return the container with this name or ID, or None."""
    try:
        return Container.read(client.api.inspect_container(name))
    except NotFound:
        return None


def run_once(
    client: docker.DockerClient,
    image: str,
    command: Sequence[str] | None = None,
    *,
    entrypoint: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
    seconds: int = 10,
    network: str = "none",
    mounts: Sequence[docker.types.Mount] = (),
) -> Outcome | None:
    """Run a throw-away container and return what it did; None if it cannot be made or started.

    It has no network, unless one is named (or ``container:ID``, for that of another container). It is removed in any
    case. A program that is still running after ``seconds`` is stopped by force. One that ends well and says nothing is
    run once more: a busy Engine may lose what a program writes that ends at once.
    """

    def once() -> Outcome | None:
        return _run_once(client, image, command, entrypoint, environment, seconds, network, mounts)

    outcome = once()
    return once() if outcome is not None and outcome.exit_code == 0 and not outcome.output else outcome


def _run_once(
    client: docker.DockerClient,
    image: str,
    command: Sequence[str] | None,
    entrypoint: Sequence[str] | None,
    environment: Mapping[str, str] | None,
    seconds: int,
    network: str,
    mounts: Sequence[docker.types.Mount],
) -> Outcome | None:
    try:
        made = client.api.create_container(
            pinned(image),
            list(command) if command is not None else None,
            entrypoint=list(entrypoint) if entrypoint is not None else None,
            environment=dict(environment or {}),
            labels=run.labels(),
            host_config=client.api.create_host_config(
                network_mode=network, mem_limit="256m", mounts=list(mounts) or None
            ),
        )["Id"]
    except APIError:
        return None
    try:
        client.api.start(made)
        try:
            code: int | None = int(client.api.wait(made, timeout=seconds)["StatusCode"])
        except (ReadTimeout, LinkError):  # what docker-py raises when the time is up
            code = None
        output = client.api.logs(made, tail=1000)[:_OUTPUT_BYTES]
        return Outcome(code, output.decode("utf-8", "replace"))
    except APIError:
        return None
    finally:
        with contextlib.suppress(NotFound):
            client.api.remove_container(made, force=True, v=True)


def read_file(client: docker.DockerClient, container_id: str, path: str) -> bytes | None:
    """Return the first 64 KiB of a file in a container, running or not; None if it is not there.

    The Engine reads it: nothing is run inside, so nothing inside can answer in its place.
    """
    try:
        chunks, _ = client.api.get_archive(container_id, path)
    except APIError:
        return None
    head = b""
    with contextlib.closing(chunks):
        for chunk in chunks:
            head += chunk
            if len(head) > 2 * _OUTPUT_BYTES:  # more than the file's first 64 KiB and its header
                break
    try:
        with tarfile.open(fileobj=io.BytesIO(head), mode="r|") as archive:
            member = archive.next()
            content = archive.extractfile(member) if member is not None and member.isfile() else None
            return content.read(_OUTPUT_BYTES) if content is not None else None
    except tarfile.TarError:
        return None


def read_image_file(client: docker.DockerClient, image: str, path: str) -> bytes | None:
    """Return the first 64 KiB of a file in an image, without running anything; None if it is not there."""
    try:
        made = client.api.create_container(pinned(image), ["none"], labels=run.labels())["Id"]
    except APIError:
        return None
    try:
        return read_file(client, made, path)
    finally:
        with contextlib.suppress(NotFound):
            client.api.remove_container(made, force=True, v=True)
