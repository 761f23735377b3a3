"""The check of Part 4 on scaling: three containers of one service, and each of them does a part of the work."""

from __future__ import annotations

import secrets
from typing import Final

from docker import DockerClient

from course import run
from course.checks.probing import eventually, log_lines, places
from course.checks.rag_door import Engine, Stack, door, stack, what_became_of
from course.checks.report import Report
from course.engine import connect
from course.facts.compose import Member, members
from course.facts.http import fetch

WANTED: Final = 3
_REQUESTS: Final = 40
"""With so many, each of three gets one, but for one case in millions."""


def scaled() -> Report:
    """Exercise 32: three containers of the service api run, and each answers what comes in through web."""
    report = Report("Three of a kind")
    client = connect()
    found = stack(client)
    gone = [service for service in ("web", "api") if service not in found]
    if gone:
        return report.give_up(
            failed=what_became_of(client, gone),
            hint="Compose lists a project's containers; their logs say why one has ended.",
        )
    several = found["api"]
    if len(several) != WANTED:
        return report.give_up(
            failed=_miscounted(client, found),
            hint="One service may have several containers, if it has nothing that exists only once. "
            "What did Compose say?",
        )
    open_ = [places(one.container) for one in several if one.container.ports]
    report.require(
        not open_,
        passed="None of them publishes a port.",
        failed=f"Of the three, these are open: {'; '.join(open_)}.",
        hint="Only web has to be reached from outside.",
        essential=True,
    )
    report.require(
        len({one.container.image_id for one in several}) == 1,
        passed="Three containers of the service api run, all on one image.",
        failed="The three containers of the service api run on different images.",
        hint="A container keeps the image that it was made from; which ones are older?",
        essential=True,
    )
    port = door(found)
    if port is None:
        return report.give_up(failed="The service web publishes no port.", hint="The way in is as before.")
    engine = Engine(port)
    if not report.require(
        lambda: engine.becomes_ready(15),
        passed="The engine is ready.",
        failed=f"The engine is not ready. It says: {engine.told()}.",
        hint="The log of the api says what it does not reach.",
        essential=True,
    ):
        return report
    report.require(
        lambda: eventually(lambda: not _idle(client, several, port), 8),
        passed=f"Of {_REQUESTS} requests through web, each of the three answered some.",
        failed="Not all three answer requests that come in through web.",
        hint="nginx can only ask those that it finds under the name api. On which networks are they?",
        essential=True,
        weight=2,
    )
    note = engine.add()
    report.require(
        not isinstance(note, str)
        and all(fetch(port, f"/documents/{note.id}").ok for _ in range(_REQUESTS // 2)),
        passed="A document that one of them took in is known to all.",
        failed="A document that one of them took in is not known to all: each keeps its own."
        if not isinstance(note, str)
        else f"The check sent a document through web, and it was not taken: {note}.",
        hint="What has to be known to all belongs into the stores.",
        essential=True,
    )
    return report


def _idle(client: DockerClient, several: list[Member], port: int) -> list[Member]:
    """Return the containers whose logs show none of many requests with a random mark, sent to the port."""
    mark = f"/health?mark={secrets.token_hex(8)}"
    for _ in range(_REQUESTS):
        fetch(port, mark)
    return [
        one
        for one in several
        if not eventually(lambda: any(mark in line for line in log_lines(client, one.container.id)), 0.5)  # noqa: B023
    ]


def _miscounted(client: DockerClient, found: Stack) -> str:
    """Return sentences on how many containers of the api there are, and on what stood in the way of more."""
    several = found["api"]
    count = "One container" if len(several) == 1 else f"{len(several)} containers"
    told = f"{count} of the service api run{'s' * (len(several) == 1)}; expected were {WANTED}."
    images = {one.container.image_id for one in several}
    copies = [
        service
        for service, others in sorted(found.items())
        if service != "api" and any(one.container.image_id in images for one in others)
    ]
    if copies:
        return f"{told} The others are services of their own: {', '.join(copies)}."
    fixed = [one.container for one in several if one.container.ports]
    if fixed:
        return (
            f"{told} It is published at {places(fixed[0])}, and a port of this machine can be had only once."
        )
    named = [
        one.container.name for one in several if not one.container.name.startswith(f"{run.name('rag')}-api")
    ]
    if named:
        return f"{told} It is called {named[0]}: a name that was given by hand, and can be had only once."
    waiting = [
        one
        for one in members(client, run.name("rag"))
        if one.service == "api" and one.container.state == "created" and not one.one_off
    ]
    return f"{told} {len(waiting)} more were made, and not started." if waiting else told
