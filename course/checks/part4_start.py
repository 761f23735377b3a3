"""Checks of Part 4 on starting: two services of one file, and a start in the right order."""

from __future__ import annotations

import secrets

from docker import DockerClient

from course import facts, run
from course.checks.part4_common import by_hand, described, missing, redis_says, services
from course.checks.probing import eventually, is_loopback, log_lines, loopback_port, places, running, steady
from course.checks.report import Report
from course.engine import connect
from course.facts import History
from course.facts.attached import attached
from course.facts.compose import Member
from course.facts.health import health_test, try_health_without_program
from course.facts.http import fetch
from course.facts.values import when
from course.setups import part4 as setup

_READY = "ready to accept connections"
_SLACK = 0.05
"""Seconds by which times of the log and of the Engine may differ."""


def two_services() -> Report:
    """Exercise 27: one file describes the program and its Redis; they run from it and find each other by name."""
    report = Report("Two services from one file")
    client, found = connect(), services(connect(), "visits")
    if not {"app", "cache"} <= set(found):
        linked, loose = _without_compose(client)
        if linked:
            return report.give_up(
                failed=f"{linked} was started by hand and tied to the other one with --link, an old way that Docker "
                "keeps for old scripts only: it ties two containers, in one direction, until one is made anew.",
                hint="Compose makes a network on which services find each other by name.",
            )
        if loose:
            return report.give_up(
                failed=f"{loose} was started by hand: no container belongs to the project {run.name('visits')}.",
                hint="Both are to be described in one file, and to be started from it.",
            )
        return missing(report, "visits", found, ("app", "cache"))
    app, cache = found["app"], found["cache"]
    plan = described("visits", app)
    report.require(
        plan is not None and {"app", "cache"} <= set(plan.services),
        passed="One file describes both services.",
        failed="The containers carry Compose's marks, but the file in their directory does not describe app and cache, "
        "or Compose cannot read it.",
        hint="Let Compose show what it reads in the file.",
        essential=True,
    )
    here = running(client, app.container.id)
    if here is None or running(client, cache.container.id) is None:
        ended = app if here is None else cache
        return report.give_up(
            failed=f"The container of {ended.service} does not run: it is {ended.container.state}.",
            hint="Look at its log.",
        )
    uses = attached(client, here.id)
    report.require(
        uses is not None and not by_hand(uses),
        passed="No name was written into the container by hand.",
        failed="A name was written into the container of app by hand; that is right until the address changes.",
        hint="A service's name is a name on the project's network.",
        essential=True,
    )
    port = loopback_port(here)
    if port is None:
        return report.give_up(
            failed="The service app publishes no port of this machine.",
            hint=f"The program listens on port {setup.VISITS_PORT} inside.",
        )
    report.require(
        all(is_loopback(address) for _, address, _ in here.ports),
        passed="Only this machine reaches it.",
        failed=f"It is published at {places(here)}; asked for was 127.0.0.1 only.",
        hint="The address goes before the port.",
    )
    reply = steady(port)
    report.require(
        reply.ok,
        passed="The program answers, and again a moment later.",
        failed=f"At 127.0.0.1:{port}: {reply.problem or reply.body.strip()[:160] or f'status {reply.status}'}",
        hint="The program looks for Redis under the name in its variable CACHE, which is cache where nothing else is "
        "said.",
        essential=True,
    )
    report.require(
        reply.ok and counts_in(client, cache, port),
        passed="The check changed the number in cache, and app went on counting from there.",
        failed="The check changed the number in cache, and app did not notice: it counts somewhere else.",
        hint="Which Redis does the program ask?",
        essential=True,
    )
    return report


def counts_in(client: DockerClient, cache: Member, port: int) -> bool:
    """Tell whether the program goes on from a random number that is put into the cache."""
    number = 1000 + secrets.randbelow(1_000_000)
    redis_says(client, cache.container.id, f"SET visits {number}")
    return f"number {number + 1}." in fetch(port).body


def start_order() -> Report:
    """Exercise 28: the database was really ready, and known to be so, before the program was started."""
    report = Report("First the database, then the program")
    client, found = connect(), services(connect(), "race")
    if not {"api", "db"} <= set(found):
        return missing(report, "race", found, ("api", "db"))
    api, db = found["api"], found["db"]
    # Compose makes no container anew because of depends_on alone, so the labels of api may be old ones: ask the file.
    plan = described("race", db)
    if plan is None or "api" not in plan.services:
        return report.give_up(
            failed="The file from which db was started is not there any more, or Compose cannot read it.",
            hint="Let Compose show what it reads in the file.",
        )
    condition = plan.services["api"].depends_on.get("db", "")
    report.require(
        condition == "service_healthy",
        passed="Compose is told to start api when db is healthy.",
        failed=_no_condition(api, condition),
        hint="Which conditions does depends_on know? They need the longer form.",
        essential=True,
    )
    if condition != "service_healthy":
        return report
    if not health_test(client, db.container.id):
        return report.give_up(
            failed="The database has no health check.", hint="It belongs to the service db."
        )
    without = try_health_without_program(client, db.container.id)
    means_something = report.require(
        without is None or without.exit_code != 0,
        passed="The health check fails where no database runs, as it should.",
        failed="The check ran the test where no database runs at all, and it was green: it is always true.",
        hint="The test has to ask the database something.",
        essential=True,
    )
    if not means_something:
        return report
    report.require(
        eventually(lambda: _health(client, "race", "db") == "healthy", 20),
        passed="The database is healthy.",
        failed=f"The database does not become healthy: it is {_health(client, 'race', 'db') or 'not running'}.",
        hint="Inspect shows what the last tests wrote, under State and Health.",
        essential=True,
    )
    ready = ready_since(client, db)
    if ready is None:
        return report.give_up(
            failed="This database did not go through its slow first start, so nothing is shown by it.",
            hint="The directory init and the tmpfs belong to the exercise. Take the project down, and up again.",
        )
    history = facts.history(client, "container")
    report.require(
        lambda: first_green(history, db) >= ready - _SLACK,
        passed="The health check was green only when the database took connections from others.",
        failed="The health check was green before the database took connections from others: at its first start this "
        "image runs a server for itself, which listens on a socket file and on no port.",
        hint="The test has to go the way that api goes: over TCP.",
        essential=True,
    )
    report.require(
        lambda: began(history, api) >= first_green(history, db) - _SLACK,
        passed="Then, and not before, api was started.",
        failed="api was started before the database was healthy.",
        hint="Compare the times of the events: health_status of db, start of api. "
        "Take the project down, and up again with one command.",
        essential=True,
    )
    steady_api = running(client, api.container.id)
    report.require(
        steady_api is not None
        and api.restarts == 0
        and log_lines(client, api.container.id)[-1:] == [setup.ANSWERED],
        passed="api runs: the database answered when it was started.",
        failed=f"api did not get an answer when it was started: it is {api.container.state}, "
        f"and the Engine has started it again {api.restarts} times.",
        hint="Its log says what it found.",
        essential=True,
    )
    return report


def ready_since(client: DockerClient, db: Member) -> float | None:
    """Return when the database took connections after its slow first start, by the Engine's clock; None if unknown."""
    text = client.api.logs(db.container.id, timestamps=True, tail=2000).decode("utf-8", "replace")
    restored = False
    for line in text.splitlines():
        stamp, _, words = line.partition(" ")
        restored = restored or words.strip() == setup.RESTORED
        if restored and _READY in words:
            return when(stamp)
    return None


def first_green(history: History, db: Member) -> float:
    """Return when db first became healthy. Raises NotKnown if that may have been before the record begins."""
    history.vouch(db.container.id, since=db.container.created, actions=("create",))
    green = [
        event.time
        for event in history.of(db.container.id)
        if (event.action, event.detail) == ("health_status", "healthy")
    ]
    return min(green, default=float("inf"))


def began(history: History, api: Member) -> float:
    """Return when api was started last."""
    starts = [event.time for event in history.of(api.container.id) if event.action == "start"]
    return max(starts, default=api.container.started or 0.0)


def _health(client: DockerClient, what: str, service: str) -> str:
    member = services(client, what).get(service)
    return member.health if member is not None and member.container.state == "running" else ""


def _no_condition(api: Member, condition: str) -> str:
    if any("sleep" in word for word in api.container.command):
        return "api waits for a fixed time. Too short on a slow day, too long on all others: nobody asks the database."
    if condition == "service_started":
        return (
            "Compose is told to start api as soon as db was started. That is when its process begins, not when it "
            "is ready."
        )
    if condition:
        return f"Compose is told to wait until db is {condition}."
    return "Compose is not told that api waits for db."


def _without_compose(client: DockerClient) -> tuple[str, str]:
    """Return the name of a container of this run that is linked to another one, and of one that has no project."""
    linked = loose = ""
    for item in client.api.containers(all=True):
        name = str((item.get("Names") or [""])[-1]).removeprefix("/")
        if run.token() not in " ".join(item.get("Names") or ()) or run.LABEL in (item.get("Labels") or {}):
            continue
        if "com.docker.compose.project" in (item.get("Labels") or {}):
            continue
        uses = attached(client, item["Id"])
        loose = loose or name
        linked = linked or (name if uses is not None and uses.links else "")
    return linked, loose
