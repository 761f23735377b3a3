"""The programs of Part 5 as checks meet them: each answers a path with a sum that only this run's program knows."""

from __future__ import annotations

import secrets

from docker.errors import APIError

from course import facts, run
from course.checks import criteria
from course.checks.check import Check
from course.checks.probing import answers_twice, eventually, loopback_port
from course.facts import Container, Image
from course.facts.http import Reply, fetch
from course.setups.part5_programs import PORT, program_files, proof

START_TIMEOUT = 20.0
"""Seconds in which a program that was just started answers, on a slow machine too."""


def runs_program(check: Check, demand: str, container: Container, what: str) -> None:
    """Require that the container runs an image of the set-up's, or one that the student built on it."""
    image = criteria.given_image(check, demand, what, program_files(what), extended=True)
    own = facts.image(check.client, container.image)
    check.require(
        demand,
        own is not None and own.builds_on(image) and (own.id == image.id or _more_than(own, image)),
        f"{container.name} runs {container.config.image[:120]}, which is another image than {run.name(what)}.",
        "Inspect shows the image's ID, and the name by which it was asked for.",
    )


def _more_than(own: Image, image: Image) -> bool:
    """Tell whether an image came from ``FROM image``: its history begins with the other one's."""
    rows = [row.created_by for row in image.history]
    return [row.created_by for row in own.history][: len(rows)] == rows


def does_its_work(check: Check, demand: str, container: Container, who: str, hint: str) -> None:
    """Require that this run's program answers at the published port, twice; ``hint`` is for its errors."""
    port = loopback_port(container, PORT)
    path = f"/{secrets.token_hex(6)}"
    if port is not None:
        eventually(lambda: fetch(port, path).status is not None, START_TIMEOUT)
    reply = answers_twice(port, path) if port is not None else Reply(None, problem="no port is published")
    check.require(
        demand,
        reply.ok and proof(path) in reply.body,
        f"{who} runs, but does not do its work: {criteria.described(reply)}.",
        hint if reply.status == 500 else f"It listens on port {PORT} inside.",
    )


def works_again(check: Check, demand: str, container: Container) -> None:
    """Require that this run's program answers as well after a restart."""
    path = f"/{secrets.token_hex(6)}"
    with check.disturbing():
        try:
            check.client.api.restart(container.id, timeout=2)
            restarted = answers(facts.container(check.client, container.id), path)
        except APIError:
            restarted = False
    check.require(
        demand,
        restarted,
        "The check restarted it, and it did not do its work any more.",
        "What was set by hand in a running container is gone after a restart. Its log says more.",
        seen="The check restarted it, and it did its work again.",
    )


def answers(container: Container | None, path: str) -> bool:
    """Tell whether this run's program answers a path, in time."""
    port = loopback_port(container, PORT) if container is not None else None
    return port is not None and eventually(lambda: proof(path) in fetch(port, path).body, START_TIMEOUT)
