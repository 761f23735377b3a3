"""A container's health check: its test, run as the Engine runs it."""

from __future__ import annotations

import contextlib

import docker
from docker.errors import APIError, NotFound

from course import run
from course.facts.container import Outcome
from course.facts.inside import exec_in
from course.facts.values import texts


def health_test(client: docker.DockerClient, container: str) -> tuple[str, ...]:
    """Return the command of a container's health check, its shell included; empty if it has none."""
    try:
        config = client.api.inspect_container(container).get("Config") or {}
    except NotFound:
        return ()
    test = texts((config.get("Healthcheck") or {}).get("Test"))
    if not test or test[0] == "NONE":
        return ()
    shell = texts(config.get("Shell")) or ("/bin/sh", "-c")
    return (*shell, *test[1:]) if test[0] == "CMD-SHELL" else test[1:]


def try_health(client: docker.DockerClient, container: str) -> Outcome | None:
    """Run the test now, in the container itself, without waiting for its turn; None if it cannot be run."""
    test = health_test(client, container)
    return exec_in(client, container, test) if test else None


def try_health_without_program(client: docker.DockerClient, container: str) -> Outcome | None:
    """Run the test in a throw-away container of the same image in which nothing but ``sleep`` runs.

    A test that means something fails there. None if such a container cannot be made, or the test not be run.
    """
    test = health_test(client, container)
    try:
        data = client.api.inspect_container(container)
        made = client.api.create_container(
            data["Image"],
            ["60"],
            entrypoint=["sleep"],
            environment=list((data.get("Config") or {}).get("Env") or ()),
            user=str((data.get("Config") or {}).get("User") or ""),
            healthcheck={"test": ["NONE"]},
            labels=run.labels(),
            host_config=client.api.create_host_config(network_mode="none", mem_limit="128m"),
        )["Id"]
    except APIError:
        return None
    try:
        client.api.start(made)
        return exec_in(client, made, test) if test else None
    except APIError:
        return None
    finally:
        with contextlib.suppress(NotFound):
            client.api.remove_container(made, force=True, v=True)
