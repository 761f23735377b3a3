"""The check of Part 3 on how a container ends: it is stopped, and so are others that are made like it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from typing import Final

from docker import DockerClient
from docker.errors import APIError

from course import facts, run
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.fresh_containers import PATIENCE, started
from course.checks.probing import becomes, eventually, log_lines
from course.engine import connect
from course.facts import Container
from course.facts.layer_files import find
from course.facts.main_process import command_line
from course.folders import folder
from course.setups import part3 as setup
from course.setups.part2 import PYTHON

STOP_TIMEOUT: Final = 10
"""Seconds between signal 15 and signal 9 when a check stops a container; it is what a stop waits by default."""


@exercise
def graceful(check: Check) -> None:
    """Require that the program itself, asked to stop, gets signal 15, saves, and ends with exit code 0."""
    client = check.client
    container = check.running(
        "clerk", "Look at its log. The check itself stops the container; before that, it has to run."
    )
    if _untouched(client):
        check.stop(
            "saves",
            "Nothing was changed yet: the container and the Dockerfile are those of the set-up. "
            f"Process 1 is: {command_line(client, container.id)[:100]}",
            "Begin with the last line of the Dockerfile.",
        )
    image = check.image("clerk", demand="in-image")
    with check.disturbing():
        eventually(lambda: "open" in log_lines(client, container.id), PATIENCE)
        main = command_line(client, container.id)
        before = len(log_lines(client, container.id))
        exit_code = _stop(client, container.id)
        written = log_lines(client, container.id)[before:]
        with contextlib.suppress(APIError):  # as it was before the check
            client.api.start(container.id)
        check.require(
            "saves",
            f"saved {run.token()}" in written,
            lambda: _unsaved(container, main, exit_code, written),
            "The signal goes to process 1 and to no other process. Which program should that be?",
        )
        check.settle()
        _clerk_itself(check, container)
        check.settle()
    check.require(
        "exits",
        exit_code == 0,
        f"Its exit code is {exit_code}.",
        "128 and the number of a signal: that signal ended it. 0: it ended on its own terms.",
    )
    criteria.runs_on(check, "in-image", container, image, container.name)
    with check.disturbing():
        code = saves(client, image.id, secrets.token_hex(6))
    check.require(
        "in-image",
        code is not None and code in (0, exit_code),
        "A new container of the image, made by the check, does not save its note: the repair is not in the image."
        if code is None
        else f"A new container of the image, made by the check, ends with exit code {code}.",
        "Options of docker run repair one container. The Dockerfile repairs all.",
    )


def _clerk_itself(check: Check, container: Container) -> None:
    """Require that it is the clerk that saves: a new container of the same, with another clerk, says another word."""
    client, planted = check.client, setup.clerk_program("saved").encode()
    base = criteria.course_image(check, "saves", PYTHON)
    files = find(client, container.image, lambda _, read: read() == planted, skip=base.layers)
    check.require(
        "saves",
        files,
        "The program clerk.py of the directory is not in the container's image as it was given.",
        "Leave clerk.py as it is, and copy it into the image.",
    )
    check.settle()
    word = f"kept-{secrets.token_hex(3)}"
    programs = {file.path: setup.clerk_program(word).encode() for file in files}
    first, *rest = container.config.command or ("",)
    with started(client, container.image, rest, entrypoint=[first], files=programs) as trial:
        written = _stopped(client, trial.id)[1]
    check.require(
        "saves",
        any(line.startswith(word) for line in written),
        "The check put another clerk.py into a new container of the same kind, and what it writes when it is stopped "
        f"did not change: {' / '.join(written)[:120] or 'nothing'}. Something answers in the clerk's place.",
        "The signal has to reach the clerk, not only end the container.",
    )


def saves(client: DockerClient, image: str, note: str) -> int | None:
    """Return the exit code of a new container of the image that is stopped; None if it does not save this note."""
    with started(client, image, environment={"NOTE": note}) as trial:
        exit_code, written = _stopped(client, trial.id)
        return exit_code if f"saved {note}" in written else None


def closes(note: str) -> bool:
    """Tell whether a new container of the clerk's image saves this note when it is stopped."""
    return saves(connect(), run.name("clerk"), note) is not None


def _stopped(client: DockerClient, container_id: str) -> tuple[int | None, list[str]]:
    """Stop a clerk that has opened, and return its exit code and its log."""
    if not container_id:
        return None, []
    becomes(client, container_id, lambda one: not one.running or "open" in log_lines(client, container_id), PATIENCE)
    return _stop(client, container_id), log_lines(client, container_id)


def _stop(client: DockerClient, container_id: str) -> int | None:
    """Stop a container and return its exit code; None if it has been removed."""
    with contextlib.suppress(APIError):
        client.api.stop(container_id, timeout=STOP_TIMEOUT)
    container = facts.container(client, container_id)
    return container.state.exit_code if container is not None else None


def _untouched(client: DockerClient) -> bool:
    """Tell whether the Dockerfile is the set-up's, and so is the only container that ever had the name."""
    recipe = folder("clerk") / "Dockerfile"
    try:
        same = recipe.read_text("utf-8", "replace") == setup.clerk_recipe()
    except OSError:
        return False
    return same and len(facts.history(client, "container").called(run.name("clerk"))) < 2


def _unsaved(container: Container, main: str, exit_code: int | None, written: Sequence[str]) -> str:
    process = f"Process 1 is: {main[:100]}"
    if exit_code == 137:
        wait = container.config.stop_timeout
        longer = f" To wait longer ({wait} s) changes nothing: it did not hear the 15." if wait else ""
        return (
            f"It did not react to signal 15 within {STOP_TIMEOUT} seconds, so signal 9 ended it "
            f"(exit code 137).{longer} {process}"
        )
    if exit_code == 143:
        return f"Its exit code is 143, 128 + 15: the signal ended what it reached, and nothing was saved. {process}"
    return f"The clerk did not save its note. Its log then has: {' / '.join(written)[:120] or 'nothing'}. {process}"
