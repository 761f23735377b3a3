"""The health check of a container, tried by hand: now, and where its program does not run."""

from __future__ import annotations

import docker
from docker.errors import APIError

from course.facts.container import Container
from course.facts.exec import Completed, exec_in
from course.facts.throwaway import throwaway


def try_health(client: docker.DockerClient, container: Container) -> Completed | None:
    """Run the test now, in the container itself, without waiting for its turn; None if it cannot be run."""
    test = container.config.healthcheck
    return exec_in(client, container.id, test.command) if test else None


def try_health_without_program(client: docker.DockerClient, container: Container) -> Completed | None:
    """Run the test in a throw-away container of the same image in which nothing but ``sleep`` runs.

    A test that means something fails there. None if such a container cannot be made, or the test not be run.
    """
    test = container.config.healthcheck
    if test is None:
        return None
    try:
        with throwaway(
            client,
            container.image,
            ["60"],
            entrypoint=["sleep"],
            environment=container.config.env,
            user=container.config.user,
            healthcheck={"test": ["NONE"]},
        ) as idle:
            client.api.start(idle)
            return exec_in(client, idle, test.command)
    except APIError:
        return None
