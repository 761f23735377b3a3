"""The check of Part 4 on scaling: three containers of one service, and each of them does a part of the work."""

from __future__ import annotations

import contextlib
import secrets
from typing import Final

from docker import DockerClient
from docker.errors import APIError

from course import run
from course.checks import rag_criteria
from course.checks.check import Check, exercise
from course.checks.part4_rag_networks import second_door, ways_out_of
from course.checks.probing import eventually, log_lines, places
from course.checks.rag_client import Stack, need_note, need_ready, need_stack
from course.facts import Container
from course.facts.compose import members
from course.facts.http import fetch
from course.setups import part4_rag as setup

WANTED: Final = 3
_REQUESTS: Final = 40
"""With so many, each of three gets one, but for one case in millions."""
_TIMEOUT: Final = 15.0


@exercise
def rag_scale(check: Check) -> None:
    """Require that three containers of the service api run, and that each answers what comes in through web."""
    stack = need_stack(check, "three", "web", "api")
    several = [one.container for one in stack["api"]]
    if len(several) != WANTED:
        check.stop(
            "three",
            _miscounted(check.client, stack),
            "One service may have several containers, if it has nothing that exists only once. What did Compose say?",
        )
    check.require(
        "three",
        len({one.image for one in several}) == 1,
        "The three containers of the service api run on different images.",
        "A container keeps the image that it was made from; which ones are older?",
    )
    check.settle()
    rag_criteria.published(check, "on-loopback", stack, judged=setup.STORES)
    _as_before(check, stack)
    rag = need_ready(check, "spread", stack)
    check.require(
        "spread",
        lambda: eventually(lambda: not _idle(check.client, several, rag.port), _TIMEOUT),
        "Not all three answer requests that come in through web.",
        "nginx can only ask those that it finds under the name api. On which networks are they?",
        seen=f"Of {_REQUESTS} requests through web, each of the three answered some.",
    )
    check.settle()
    note = need_note(check, "spread", rag)
    check.require(
        "spread",
        lambda: all(fetch(rag.port, f"/documents/{note.id}").ok for _ in range(_REQUESTS // 2)),
        "A document that one of them took in is not known to all: each keeps its own.",
        "What all three must know belongs in the stores.",
    )
    check.settle()
    check.require(
        "goes-on",
        lambda: _goes_on_without(check.client, several[0], rag.port),
        "The check ended one of the three, and the engine did not answer every request any more.",
        "nginx can pass a request on to another one, if there is another one.",
        seen="The check ended one of the three, and the engine went on.",
        disturbs=True,
    )


def _as_before(check: Check, stack: Stack) -> None:
    """Require that the segments are still there."""
    missing = [store for store in setup.STORES if store not in stack]
    if missing:
        problem = f"No container runs of: {', '.join(missing)}."
    elif path := second_door(check.client, stack):
        problem = f"From web, a way leads to a store past api: {path}."
    elif out := ways_out_of(check.client, stack):
        problem = f"From a store a way leads out of this host, over {', '.join(out)}."
    else:
        problem = ""
    check.require(
        "as-before", not problem, problem, "Which files does Compose read if none is named, and which if one is?"
    )


def _goes_on_without(client: DockerClient, one: Container, port: int) -> bool:
    """Tell whether every request is answered, a moment after one container was ended; it is started again then."""
    with contextlib.suppress(APIError):
        client.api.kill(one.id)
    try:
        return eventually(lambda: all(fetch(port, "/ready").ok for _ in range(10)), _TIMEOUT)
    finally:
        with contextlib.suppress(APIError):
            client.api.start(one.id)


def _idle(client: DockerClient, several: list[Container], port: int) -> list[Container]:
    """Return the containers whose logs show none of many requests with a random mark, sent to the port."""
    mark = f"/health?mark={secrets.token_hex(8)}"
    for _ in range(_REQUESTS):
        fetch(port, mark)
    return [
        one
        for one in several
        if not eventually(lambda: any(mark in line for line in log_lines(client, one.id)), 1)  # noqa: B023
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
