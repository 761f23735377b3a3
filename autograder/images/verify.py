"""Verify an image against the catalogue: read its configuration and run a container from it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import docker
from docker.errors import APIError, ContainerError, DockerException, ImageNotFound
from docker.models.containers import Container
from docker.models.images import Image

from autograder.images import labels
from autograder.images.catalogue import CourseImage, ImageProbe, Promise

PROBE_TIMEOUT = 60.0
"""How long a server may take until it answers, or a command until it ends."""

ASKER = "busybox:latest"
"""The image whose wget asks a page of another image's container."""


def problems(client: docker.DockerClient, image: CourseImage) -> list[str]:
    """Return what is wrong with the Engine's image of this name, a sentence each; none if it keeps its promise.

    Runs one or two containers without an outside network, and removes them.
    """
    there = labels.find(client, image.name)
    if there is None:
        return [f"{image.short} is missing. Run `docker-course images ensure` to get it."]
    return [
        *_configuration(image.promise, there.attrs.get("Config") or {}),
        *_architecture(client, there),
        *_probe(client, image, there),
    ]


def _configuration(promise: Promise, config: dict[str, Any]) -> Iterator[str]:
    exact = {
        "entrypoint": (promise.entrypoint, tuple(config.get("Entrypoint") or ())),
        "command": (promise.cmd, tuple(config.get("Cmd") or ())),
        "stop signal": (promise.stop_signal, config.get("StopSignal")),
    }
    for what, (expected, found) in exact.items():
        if expected is not None and found != expected:
            yield f"its {what} is {_show(found)}; expected {_show(expected)}"
    variables = [line.partition("=")[0] for line in config.get("Env") or ()]
    named = {
        "environment variable": (promise.env, variables),
        "label": (promise.labels, config.get("Labels") or {}),
        "exposed port": (promise.ports, config.get("ExposedPorts") or {}),
        "volume": (promise.volumes, config.get("Volumes") or {}),
    }
    for what, (names, found_names) in named.items():
        for name in names:
            if name not in found_names:
                yield f"it has no {what} {name}; it has {', '.join(found_names) or 'none'}"


def _show(value: object) -> str:
    return repr(list(value)) if isinstance(value, tuple) else repr(value)


def _architecture(client: docker.DockerClient, there: Image) -> Iterator[str]:
    engine = client.version()["Arch"]
    built = there.attrs.get("Architecture")
    if built != engine:
        yield f"it is for the architecture {built}, but the Engine's is {engine}"


def _probe(client: docker.DockerClient, image: CourseImage, there: Image) -> Iterator[str]:
    probe = image.promise.probe
    try:
        page = probe.run is None
        said = _page(client, there, probe) if page else _output(client, there, list(probe.run or ()) or None)
    except ContainerError as error:
        said = error.stderr.decode(errors="replace") if error.stderr else ""
        yield f"{_command(probe)} exited with status {error.exit_status}: {said.strip()[-300:]}"
    except (DockerException, TimeoutError) as error:
        yield f"{_command(probe)} failed: {error}"
    else:
        if not re.search(probe.says, said, re.MULTILINE):
            yield f"{_command(probe)} gave {said.strip()[-300:]!r}; expected to find {probe.says!r}"


def _command(probe: ImageProbe) -> str:
    if probe.http is not None:
        return f"requesting {probe.http} from it"
    return f"running {' '.join(probe.run)!r} in it" if probe.run else "running it"


@contextmanager
def _container(client: docker.DockerClient, **settings: Any) -> Iterator[Container]:
    container = client.containers.create(network_mode=settings.pop("network_mode", "none"), **settings)
    try:
        container.start()
        yield container
    finally:
        container.remove(force=True, v=True)


def _output(client: docker.DockerClient, there: Image, command: list[str] | None, **settings: Any) -> str:
    with _container(client, image=there.id, command=command, **settings) as container:
        try:
            status = container.wait(timeout=PROBE_TIMEOUT)["StatusCode"]
        except OSError as error:
            raise TimeoutError(f"it did not finish within {PROBE_TIMEOUT:.0f} s") from error
        said: bytes = container.logs(stdout=True, stderr=True)
        if status:
            raise ContainerError(container, status, command, there.id, said)
        return said.decode(errors="replace")


def _page(client: docker.DockerClient, there: Image, probe: ImageProbe) -> str:
    assert probe.http is not None
    try:
        asker = client.images.get(ASKER)
    except ImageNotFound:
        raise DockerException(f"that needs the image {ASKER}; run `docker-course images ensure` to get it") from None
    with _container(client, image=there.id, detach=True) as server:
        until = time.monotonic() + PROBE_TIMEOUT
        while True:
            try:
                command = ["wget", "-q", "-T", "5", "-O", "-", probe.http]
                return _output(client, asker, command, network_mode=f"container:{server.id}")
            except (ContainerError, APIError):
                server.reload()
                if server.status != "running" or time.monotonic() > until:
                    tail = server.logs(tail=5).decode(errors="replace").strip()
                    raise TimeoutError(f"it is {server.status} and does not answer; its last output: {tail}") from None
            time.sleep(0.2)
