"""The health check of a container, tried by hand: now, and where its program does not run."""

from __future__ import annotations

import contextlib
from typing import Final

import docker
from docker.errors import APIError
from docker.types import Mount

from course.facts.container import DEFAULT_NETWORKS, Container, HealthCheck
from course.facts.exec import HELPER, Completed, exec_in
from course.facts.throwaway import throwaway

MAX_TEST_SECONDS: Final = 30.0
_CANNOT_RUN: Final = (126, 127)
"""Exit codes of a command that is not there."""


def try_health(client: docker.DockerClient, container: Container) -> Completed | None:
    """Run the test now, in the container itself, without waiting for its turn; None if it cannot be run.

    As the Engine does, it ends the test when its time is up, and then it has failed.
    """
    test = container.config.healthcheck
    return _run(client, container.id, test, test.timeout) if test else None


def try_health_without_program(
    client: docker.DockerClient, container: Container, *, silent_port: int | None = None
) -> Completed | None:
    """Run the test in a throw-away container of the same image in which nothing but ``sleep`` runs.

    A test that means something fails there. It is on the same networks, so a test that asks another container passes;
    the container's own names lead to the throw-away one itself. With ``silent_port`` something takes connections at
    that port, and answers nothing. None if such a container cannot be made, or the test not be run.
    """
    test = container.config.healthcheck
    if test is None:
        return None
    networks = [name for name in container.networks if name not in DEFAULT_NETWORKS] or ["none"]
    names = {container.name, *(alias for network in container.networks.values() for alias in network.aliases)}
    try:
        with contextlib.ExitStack() as stack:
            idle = stack.enter_context(
                throwaway(
                    client,
                    container.image,
                    ["60"],
                    entrypoint=["sleep"],
                    environment=container.config.env,
                    user=container.config.user,
                    healthcheck={"test": ["NONE"]},
                    mounts=mounts(container),
                    network=networks[0],
                    extra_hosts=dict.fromkeys(names, "127.0.0.1"),
                )
            )
            for network in networks[1:]:
                client.api.connect_container_to_network(idle, network)
            client.api.start(idle)
            if silent_port is not None:
                silent = f"-p {silent_port} -e sleep 60"
                # Which of the two options there is depends on how busybox was built.
                listen = ["sh", "-c", f"nc -lk {silent} || exec nc -ll {silent}"]
                client.api.start(stack.enter_context(throwaway(client, HELPER, listen, network=f"container:{idle}")))
            return _run(client, idle, test, test.timeout if silent_port is None else 3)
    except APIError:
        return None


def try_health_in(client: docker.DockerClient, container: Container, place: str) -> Completed | None:
    """Run a container's test in another container; None if it cannot be run."""
    test = container.config.healthcheck
    return _run(client, place, test, test.timeout) if test else None


def mounts(container: Container) -> list[Mount]:
    """Return a container's directories and volumes, to be mounted elsewhere, read-only."""
    return [
        Mount(one.target, one.source, one.type, read_only=True)
        for one in container.mounts
        if one.type in ("bind", "volume")
    ]


def _run(client: docker.DockerClient, place: str, test: HealthCheck, seconds: float) -> Completed | None:
    limit = ["timeout", "-s", "KILL", f"{min(max(seconds, 1), MAX_TEST_SECONDS):.0f}"]
    outcome = exec_in(client, place, [*limit, *test.command])
    if outcome is not None and outcome.exit_code in _CANNOT_RUN:  # perhaps there is no `timeout` in the image
        return exec_in(client, place, test.command)
    return outcome
