"""Runs a course image as a server, for the tests of its interface. Everything made here is removed by id."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import docker
from docker.models.containers import Container
from docker.models.volumes import Volume

Found = TypeVar("Found")


def until(ask: Callable[[], Found], seconds: float = 30) -> Found:
    """What ``ask`` returns as soon as that is true."""
    end = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < end, f"nothing within {seconds} s: {ask}"
        time.sleep(0.1)
    return found


@contextmanager
def running(client: docker.DockerClient, image: str, *command: str, **settings: Any) -> Iterator[Container]:
    """A container of ``image``, removed afterwards with its anonymous volumes."""
    container = client.containers.run(image, list(command) or None, detach=True, **settings)
    try:
        yield container
    finally:
        container.remove(force=True, v=True)


@contextmanager
def volume(client: docker.DockerClient) -> Iterator[Volume]:
    """A volume, removed afterwards."""
    made = client.volumes.create()
    try:
        yield made
    finally:
        made.remove(force=True)


def said(container: Container, *command: str, **settings: Any) -> tuple[int, str]:
    """Exit status and output of a command in the container."""
    status, output = container.exec_run(list(command), **settings)
    return status, output.decode()


def ended(client: docker.DockerClient, image: str, *command: str, **settings: Any) -> tuple[int, str]:
    """Exit status and output of a container that ends by itself."""
    with running(client, image, *command, **settings) as container:
        return container.wait(timeout=60)["StatusCode"], container.logs().decode()


def address(container: Container, port: str) -> str:
    """Where a port that is published on 127.0.0.1 is reached."""

    def published() -> str:
        container.reload()
        bound = container.ports.get(port)
        return f"127.0.0.1:{bound[0]['HostPort']}" if bound else ""

    return until(published)
