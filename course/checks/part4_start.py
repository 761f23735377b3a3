"""Checks of Part 4 on starting: two services of one file, and a start in the right order."""

from __future__ import annotations

import secrets
from typing import Final

from docker import DockerClient

from course import facts, run
from course.checks import criteria, redis_client
from course.checks.check import Check, exercise
from course.checks.compose_projects import described, need_file, need_running, need_services, waits_for
from course.checks.probing import becomes, is_healthy, log_lines, still_running
from course.facts import Container, History
from course.facts.compose import LABEL
from course.facts.health import try_health_without_program
from course.facts.http import fetch
from course.facts.values import when
from course.setups import part4 as setup

CLOCK_TOLERANCE: Final = 0.05
"""Seconds by which times of the log and of the Engine may differ."""
HEALTHY_TIMEOUT: Final = 20.0
_READY: Final = "ready to accept connections"


@exercise
def two_services(check: Check) -> None:
    """Require that one file describes the program and its Redis, and that they run from it and find each other."""
    services = need_services(check, "visits", "app", "cache", otherwise=_stop_if_without_compose)
    plan = described("visits", services["app"])
    check.gate(
        plan is not None and {"app", "cache"} <= set(plan.services),
        "One file describes both services.",
        "The containers carry Compose's marks, but the file in their directory does not describe app and cache, or "
        "Compose cannot read it.",
        "Let Compose show what it reads in the file.",
    )
    app, cache = (need_running(check, services[service]) for service in ("app", "cache"))
    criteria.no_names_by_hand(check, "A service's name is a name on the project's network.", app)
    port = criteria.published_port(
        check,
        app,
        "The service app publishes no port of this machine.",
        f"The program listens on port {setup.VISITS_PORT} inside.",
    )
    criteria.on_loopback(check, app)
    reply = criteria.answers(
        check,
        port,
        "The program answers, and again a moment later.",
        "The program looks for Redis under the name in its variable CACHE; without one, under the name cache.",
    )
    check.gate(
        lambda: reply.ok and counts_in(check.client, cache, port),
        "The check changed the number in cache, and app went on counting from there.",
        "The check changed the number in cache, and app did not notice: it counts somewhere else.",
        "Which Redis does the program ask?",
    )


def counts_in(client: DockerClient, cache: Container, port: int) -> bool:
    """Tell whether the program goes on from a random number that is put into the cache."""
    number = 1000 + secrets.randbelow(1_000_000)
    redis_client.ask(client, cache.id, f"SET visits {number}")
    return f"number {number + 1}." in fetch(port).body


@exercise
def start_order(check: Check) -> None:
    """Require that the database was ready, and known to be so, before the program was started."""
    services = need_services(check, "race", "api", "db")
    api, db = services["api"].container, services["db"].container
    # Compose makes no new container because of depends_on alone, so the labels of api may be old ones: ask the file.
    plan = need_file(check, described("race", services["db"]), "api")
    sleeps = any("sleep" in word for word in api.config.command)
    waits_for(
        check,
        plan,
        "api",
        "db",
        "service_healthy",
        "Which conditions does depends_on know? They need the longer form.",
        failed="api waits for a fixed time. Too short on a slow day, too long on all others: it does not ask the "
        "database."
        if sleeps
        else "",
    )
    check.settle()
    check.need(db.config.healthcheck, "The database has no health check.", "It belongs to the service db.")
    without = try_health_without_program(check.client, db)
    check.gate(
        without is None or without.exit_code != 0,
        "The health check fails where no database runs, as it should.",
        "The check ran the test where no database runs at all, and it was green: it is always true.",
        "The test has to ask the database something.",
    )
    check.settle()
    check.gate(
        becomes(check.client, db.id, is_healthy, HEALTHY_TIMEOUT),
        "The database is healthy.",
        lambda: f"The database does not become healthy: it is {_condition(check.client, db)}.",
        "Inspect shows what the last tests wrote, under State and Health.",
    )
    ready = check.need(
        ready_since(check.client, db),
        "This database did not go through its slow first start, so nothing is shown by it.",
        "The directory init and the tmpfs belong to the exercise. Take the project down, and up again.",
    )
    history = facts.history(check.client, "container")
    check.gate(
        lambda: first_green(history, db) >= ready - CLOCK_TOLERANCE,
        "The health check was green only when the database took connections from others.",
        "The health check was green before the database took connections from others: at its first start this image "
        "runs a server for itself, which listens on a socket file and on no port.",
        "The test has to go the way that api goes: over TCP.",
    )
    check.gate(
        lambda: last_start(history, api) >= first_green(history, db) - CLOCK_TOLERANCE,
        "Then, and not before, api was started.",
        "api was started before the database was healthy.",
        "Compare the times of the events: health_status of db, start of api. "
        "Take the project down, and up again with one command.",
    )
    check.gate(
        still_running(check.client, api.id) is not None
        and api.restart_count == 0
        and log_lines(check.client, api.id)[-1:] == [setup.ANSWERED],
        "api runs: the database answered when it was started.",
        f"api did not get an answer when it was started: it is {api.state.status}, and the Engine has started it "
        f"again {api.restart_count} times.",
        "Its log says what it found.",
    )


def ready_since(client: DockerClient, db: Container) -> float | None:
    """Return when the database took connections after its slow first start, by the Engine's clock; None if unknown."""
    text = client.api.logs(db.id, timestamps=True, tail=2000).decode("utf-8", "replace")
    restored = False
    for line in text.splitlines():
        stamp, _, words = line.partition(" ")
        restored = restored or words.strip() == setup.RESTORED
        if restored and _READY in words:
            return when(stamp)
    return None


def first_green(history: History, db: Container) -> float:
    """Return when db first became healthy. Raises NotKnown if that may have been before the record begins."""
    history.vouch(db.id, since=db.created, actions=("create",))
    green = (event.time for event in history.of(db.id) if (event.action, event.detail) == ("health_status", "healthy"))
    return min(green, default=float("inf"))


def last_start(history: History, api: Container) -> float:
    """Return when api was started last."""
    starts = (event.time for event in history.of(api.id) if event.action == "start")
    return max(starts, default=api.state.started_at or 0.0)


def _condition(client: DockerClient, db: Container) -> str:
    now = facts.container(client, db.id)
    return now.state.health if now is not None and now.running else "not running"


def _stop_if_without_compose(check: Check) -> None:
    """Stop if a container of this run was started by hand: with a link, or without any project."""
    by_hand = [
        container
        for item in check.client.api.containers(all=True)
        if run.token() in " ".join(item.get("Names") or ())
        and not {run.LABEL, f"{LABEL}project"} & set(item.get("Labels") or {})
        and (container := facts.container(check.client, item["Id"])) is not None
    ]
    linked = [one.name for one in by_hand if one.host_config.links]
    if linked:
        check.stop(
            f"{linked[0]} was started by hand and tied to the other one with --link, an old way that Docker keeps for "
            "old scripts only: it ties two containers, in one direction, until one is replaced.",
            "Compose makes a network on which services find each other by name.",
        )
    if by_hand:
        check.stop(
            f"{by_hand[0].name} was started by hand: no container belongs to the project {run.name('visits')}.",
            "Both are to be described in one file, and to be started from it.",
        )
