"""The check of Part 4 on two services of one file, which find each other by name."""

from __future__ import annotations

import posixpath
import re
import secrets

from docker import DockerClient

from course import facts, run
from course.checks import criteria, redis_client
from course.checks.addresses import shared_networks
from course.checks.check import Check, exercise
from course.checks.compose_projects import (
    described,
    elsewhere,
    need_running,
    need_services,
    neighbours,
)
from course.checks.probing import eventually, is_loopback, places
from course.facts import Container
from course.facts.compose import LABEL
from course.facts.http import fetch
from course.facts.layer_files import find
from course.setups import part4 as setup

_OTHER_VISITORS = 50
_SCRIPT = re.compile(r"[^\s'\";&|(]+\.py\b")
ANSWER_TIMEOUT = 20.0
"""Seconds in which a program that was just started gets its answer, on a slow machine too."""


@exercise
def two_services(check: Check) -> None:
    """Require that one file describes the program and its Redis, and that they run from it and find each other."""
    services = need_services(check, "project", "visits", "app", "cache", otherwise=_stop_if_without_compose)
    plan = described("visits", services["app"])
    check.require(
        "project",
        plan is not None and {"app", "cache"} <= set(plan.services),
        "The containers carry Compose's marks, but the file in their directory does not describe app and cache, or "
        "Compose cannot read it.",
        "Let Compose show what it reads in the file.",
    )
    check.settle()
    app, cache = (need_running(check, "project", services[service]) for service in ("app", "cache"))
    check.require(
        "built",
        lambda: plan is not None and plan.services["app"].build and _holds_its_program(check.client, app),
        f"app runs {app.config.image[:120]}, and that image does not hold the program of this directory."
        if plan is not None and plan.services["app"].build
        else f"app runs {app.config.image[:120]}, and the file does not say how that is built.",
        "Whoever gets the directory has no other image than the one that is built from it.",
    )
    criteria.runs_course_image(check, "redis", cache, setup.CACHE_IMAGE)
    others = [
        one
        for one in neighbours(check.client, [app, cache])
        if one.id not in (app.id, cache.id) and not all(is_loopback(port.host_ip) for port in one.ports)
    ]
    check.require(
        "on-loopback",
        all(is_loopback(port.host_ip) for port in app.ports) and not cache.ports and not others,
        lambda: (
            f"Published is app at {places(app)}, cache at {places(cache)}."
            + "".join(f" Published, too, is {one.name} at {places(one)}." for one in others)
        ),
        "An address can be given before a port. Services of one project reach all of each other's ports anyway.",
    )
    port = criteria.published_port(
        check,
        "counts",
        app,
        setup.VISITS_PORT,
        "The service app publishes no port of this machine.",
        f"The program listens on port {setup.VISITS_PORT} inside.",
    )
    reply = criteria.answers(
        check,
        "counts",
        port,
        "The program looks for Redis under the name in its variable CACHE; without one, under the name cache.",
    )
    check.settle()
    check.require(
        "counts",
        lambda: reply.ok and counts_in(check.client, cache, port),
        "The check changed the number in cache, and app did not go on from there: it counts somewhere else.",
        "Which Redis does the program ask?",
        seen="The check changed the number in cache, and app went on counting from there.",
        disturbs=True,
    )
    check.settle()
    with check.disturbing(), elsewhere(check.client, cache, *shared_networks(app, cache)) as moved:
        found = moved and eventually(lambda: counts_in(check.client, cache, port), ANSWER_TIMEOUT)
    check.require(
        "counts",
        found,
        "The check gave cache another address, and app did not find it there: it does not ask for a name."
        if moved
        else "app and cache have no network in common on which cache could get another address.",
        "A service's name is a name on the project's network. An address is right until the next start.",
        seen="The check gave cache another address, and app found it there.",
    )


def counts_in(client: DockerClient, cache: Container, port: int) -> bool:
    """Tell whether the program goes on from a random number that is put into the cache; others may visit it, too."""
    number = 1000 + secrets.randbelow(1_000_000)
    redis_client.ask(client, cache.id, f"SET visits {number}")
    found = re.search(r"number (\d{1,9})\.", fetch(port).body)
    return found is not None and number < int(found[1]) <= number + _OTHER_VISITORS


def _holds_its_program(client: DockerClient, app: Container) -> bool:
    """Tell whether the program that app runs is in its image, and is the one in the student's directory."""
    base, image = facts.image(client, setup.PYTHON), facts.image(client, app.image)
    if base is None or image is None or not image.builds_on(base) or len(image.layers) == len(base.layers):
        return False
    program = setup.VISITS.encode()
    # The command may be a line for a shell. Where it does not tell the file, as `python -m app`, the layers do.
    named = (
        posixpath.join("/", app.config.working_directory, word)
        for word in _SCRIPT.findall(" ".join(app.config.command))
    )
    place = next((path for path in named if facts.read_file(client, app.id, path) is not None), None)
    if place is None:
        held = find(client, image.id, lambda path, read: path.endswith(".py") and read() == program, skip=base.layers)
        place = f"/{held[-1].path}" if held else "/"
    covered = any(f"{place}/".startswith(f"{mount.target.rstrip('/')}/") for mount in app.mounts)
    return not covered and facts.read_file(client, app.id, place) == program


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
            "project",
            f"{linked[0]} was started by hand and tied to the other one with --link, an old way that Docker keeps for "
            "old scripts only: it ties two containers, in one direction, until one is replaced.",
            "Compose makes a network on which services find each other by name.",
        )
    if by_hand:
        check.stop(
            "project",
            f"{by_hand[0].name} was started by hand: no container belongs to the project {run.name('visits')}.",
            "Both are to be described in one file, and to be started from it.",
        )
