"""What a program does in a container: in one that is there, or in a throw-away one."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import docker
from docker.errors import APIError
from requests.exceptions import ConnectionError as LinkError
from requests.exceptions import ReadTimeout

from course.facts.throwaway import throwaway

HELPER: Final = "busybox"
"""The image of containers in which a check looks around."""
MAX_OUTPUT: Final = 64 * 1024
_SLOWLY: Final = ("sh", "-c", '"$@"; code=$?; sleep 0.2; exit $code', "sh")
"""Runs a command and waits: a busy Engine may lose what a command writes that ends at once."""


@dataclass(frozen=True)
class Completed:
    """What a program in a container did."""

    exit_code: int | None
    """None if it was still running when its time was up."""
    output: str
    """Standard output and standard error, cut at 64 KiB."""

    @property
    def ok(self) -> bool:
        """Whether it ended with exit code 0."""
        return self.exit_code == 0


def exec_in(client: docker.DockerClient, container: str, command: Sequence[str]) -> Completed | None:
    """Run one command in a running container and return what it did; None if it cannot be run.

    What it writes is cut at 64 KiB; a command that writes more, or is silent for too long, has no exit code.
    """
    try:
        job = client.api.exec_create(container, list(command))["Id"]
        output = b""
        with contextlib.closing(client.api.exec_start(job, stream=True)) as chunks:
            for chunk in chunks:
                output += chunk
                if len(output) > MAX_OUTPUT:
                    break
        code = client.api.exec_inspect(job)["ExitCode"]
    except (APIError, ReadTimeout, LinkError):
        return None
    return Completed(code, output[:MAX_OUTPUT].decode("utf-8", "replace"))


def exec_slowly(client: docker.DockerClient, container: str, command: Sequence[str]) -> Completed | None:
    """Run one command as `exec_in` does, where there is a shell; a busy Engine does not lose its output."""
    return exec_in(client, container, [*_SLOWLY, *command])


def run_helper(client: docker.DockerClient, command: Sequence[str], **settings: Any) -> Completed | None:
    """Run one command in a throw-away container of busybox and return what it did; None if it cannot be run.

    ``settings`` are those of `throwaway`, such as ``network="container:ID"`` or ``mounts``.
    """
    try:
        with throwaway(client, HELPER, ["sleep", "60"], **settings) as container:
            client.api.start(container)
            return exec_slowly(client, container, command)
    except APIError:
        return None


def run_once(
    client: docker.DockerClient,
    image: str,
    command: Sequence[str] | None = None,
    *,
    seconds: int = 10,
    environment: Mapping[str, str] | None = None,
    **settings: Any,
) -> Completed | None:
    """Run a throw-away container and return what it did; None if it cannot be made or started.

    ``settings`` are those of `throwaway`. A program that is still running after ``seconds`` is stopped by force. One
    that ends well and says nothing is run once more: a busy Engine may lose what a program writes that ends at once.
    """

    def once() -> Completed | None:
        try:
            with throwaway(client, image, command, environment=environment, **settings) as container:
                client.api.start(container)
                try:
                    code: int | None = int(client.api.wait(container, timeout=seconds)["StatusCode"])
                except (ReadTimeout, LinkError):  # what docker-py raises when the time is up
                    code = None
                output = client.api.logs(container, tail=1000)[:MAX_OUTPUT]
                return Completed(code, output.decode("utf-8", "replace"))
        except APIError:
            return None

    outcome = once()
    return once() if outcome is not None and outcome.ok and not outcome.output else outcome
