"""The check of Part 4 on scaling: three containers of one service, and each of them does a part of the work."""

from __future__ import annotations

import secrets
from typing import Final

from docker import DockerClient

from course import run
from course.checks.check import Check, exercise
from course.checks.probing import eventually, log_lines, places
from course.checks.rag_client import Stack, is_ready, need_client, need_stack
from course.facts import Container
from course.facts.compose import members
from course.facts.http import fetch

WANTED: Final = 3
_REQUESTS: Final = 40
"""With so many, each of three gets one, but for one case in millions."""


@exercise
def scaled(check: Check) -> None:
    """Require that three containers of the service api run, and that each answers what comes in through web."""
    stack = need_stack(check, "web", "api")
    several = [one.container for one in stack["api"]]
    if len(several) != WANTED:
        check.stop(
            _miscounted(check.client, stack),
            "One service may have several containers, if it has nothing that exists only once. What did Compose say?",
        )
    published = [places(one) for one in several if one.ports]
    check.gate(
        not published,
        "None of them publishes a port.",
        f"Of the three, these are open: {'; '.join(published)}.",
        "Only web has to be reached from outside.",
    )
    check.gate(
        len({one.image for one in several}) == 1,
        "Three containers of the service api run, all on one image.",
        "The three containers of the service api run on different images.",
        "A container keeps the image that it was made from; which ones are older?",
    )
    rag = need_client(check, stack)
    if not is_ready(check, rag):
        return
    check.gate(
        lambda: eventually(lambda: not _idle(check.client, several, rag.port), 8),
        f"Of {_REQUESTS} requests through web, each of the three answered some.",
        "Not all three answer requests that come in through web.",
        "nginx can only ask those that it finds under the name api. On which networks are they?",
        weight=2,
    )
    note = rag.add()
    if isinstance(note, str):
        problem = f"The check sent a document through web, and it was not taken: {note}."
    else:
        problem = "A document that one of them took in is not known to all: each keeps its own."
    check.gate(
        not isinstance(note, str) and all(fetch(rag.port, f"/documents/{note.id}").ok for _ in range(_REQUESTS // 2)),
        "A document that one of them took in is known to all.",
        problem,
        "What has to be known to all belongs into the stores.",
    )


def _idle(client: DockerClient, several: list[Container], port: int) -> list[Container]:
    """Return the containers whose logs show none of many requests with a random mark, sent to the port."""
    mark = f"/health?mark={secrets.token_hex(8)}"
    for _ in range(_REQUESTS):
        fetch(port, mark)
    return [
        one
        for one in several
        if not eventually(lambda: any(mark in line for line in log_lines(client, one.id)), 0.5)  # noqa: B023
    ]


def _miscounted(client: DockerClient, stack: Stack) -> str:
    """Return sentences on how many containers of the api there are, and on what stood in the way of more."""
    several = [one.container for one in stack["api"]]
    count = "One container" if len(several) == 1 else f"{len(several)} containers"
    sentence = f"{count} of the service api run{'s' * (len(several) == 1)}; there should be {WANTED}."
    images = {one.image for one in several}
    copies = [
        service
        for service, others in sorted(stack.items())
        if service != "api" and any(one.container.image in images for one in others)
    ]
    if copies:
        return f"{sentence} The others are services of their own: {', '.join(copies)}."
    fixed = [one for one in several if one.ports]
    if fixed:
        return f"{sentence} It is published at {places(fixed[0])}, and a port of this machine can be had only once."
    named = [one.name for one in several if not one.name.startswith(f"{run.name('rag')}-api")]
    if named:
        return f"{sentence} It is called {named[0]}: a name that was given by hand, and can be had only once."
    waiting = [
        one
        for one in members(client, run.name("rag"))
        if one.service == "api" and one.container.state.status == "created" and not one.one_off
    ]
    return f"{sentence} {len(waiting)} more were made, and not started." if waiting else sentence
