"""Criteria that the exercises on the question-answering program of Part 4 share."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from course import facts
from course.checks.check import Check
from course.checks.compose_projects import awaited, described, neighbours
from course.checks.postgres_client import query
from course.checks.probing import becomes, is_healthy, is_loopback, places
from course.checks.rag_client import Stack
from course.facts import Container
from course.facts.container import Mount
from course.facts.filesystem import entries
from course.facts.health import MAX_TEST_SECONDS, try_health_without_program
from course.setups import part4_rag as setup

PROGRAM = "rag/library.py"
"""A file of the api's, by which its image is known."""


def published(check: Check, demand: str, stack: Stack, port: int | None = None, judged: Collection[str] = ()) -> None:
    """Require that the project's only door is web's, at 127.0.0.1.

    What shares a network with the services counts as well: it may pass requests on.

    Args:
        check: the check.
        demand: what this proves.
        stack: the running containers.
        port: the port that web must have; None for any.
        judged: services of which another exercise has judged already what they publish.
    """
    web = [one.container for one in stack.get("web", ())]
    left_out = {one.id for one in web} | {one.container.id for name in judged for one in stack.get(name, ())}
    ours = [one.container for several in stack.values() for one in several]
    doors = [one for one in neighbours(check.client, ours) if one.ports and one.id not in left_out]
    own = [each for one in web for each in one.ports]
    open_to_all = [one for one in web if not all(is_loopback(each.host_ip) for each in one.ports)]
    elsewhere = port is not None and not any(each.host_port == port for each in own)
    problems = [f"web is published at {places(one)}." for one in open_to_all]
    problems += [f"Published, too, is {one.name} at {places(one)}." for one in doors]
    if elsewhere:
        problems.append(f"web is published at {places(web[0])}, and not at 127.0.0.1:{port}.")
    check.require(
        demand,
        not problems,
        " ".join(problems),
        "Containers on one network reach each other's ports anyway; publishing is for what comes from outside.",
    )


def images(check: Check, demand: str, stack: Stack, services: Iterable[str]) -> None:
    """Require that these services are what their names say."""
    wrong = []
    for service in services:
        if name := setup.IMAGES.get(service):
            expected = facts.image(check.client, name)
            for one in stack[service]:
                own = facts.image(check.client, one.container.image)
                # A student's own image over nginx, with the settings copied into it, is as good.
                right = (
                    own is not None
                    and expected is not None
                    and (own.id == expected.id or (service == "web" and own.builds_on(expected)))
                )
                if not right:
                    wrong.append(f"{service} runs {one.container.config.image[:60]}, and not {name}")
        else:
            given = (setup.FILES / "api" / PROGRAM).read_bytes()
            for one in stack[service]:
                if facts.read_file(check.client, one.container.id, f"/app/{PROGRAM}") != given:
                    wrong.append("api does not run the program of the directory api")
    check.require(demand, not wrong, f"{'; '.join(wrong)}.", "The table in the lesson says what each service runs.")


def waits(check: Check, demand: str, stack: Stack, edges: Iterable[tuple[str, str]]) -> None:
    """Require that by the file, the first of each pair of services waits until the second is healthy."""
    plan = described("rag", stack["api"][0])
    missing = [
        f"{service} does not wait until {other} is healthy"
        for service, other in edges
        if plan is not None and "service_healthy" not in awaited(plan, service).get(other, set())
    ]
    check.require(
        demand,
        plan is not None and not missing,
        f"By the file, {'; '.join(missing)}." if plan is not None else "Compose cannot read the project's file.",
        "depends_on knows three conditions.",
    )


def healthy(check: Check, demand: str, stack: Stack, services: Iterable[str]) -> None:
    """Require that each service is healthy, by a test that fails where its program does not run."""
    ill = []
    for service in services:
        for one in stack[service]:
            test = one.container.config.healthcheck
            patience = min(test.interval + test.timeout, MAX_TEST_SECONDS) + 10 if test is not None else 0
            if test is None:
                ill.append(f"{service} has no health check")
            elif not becomes(check.client, one.container.id, is_healthy, patience):
                ill.append(f"{service} is not healthy")
            else:
                with check.disturbing():
                    alone = try_health_without_program(check.client, one.container)
                if alone is not None and alone.ok:
                    ill.append(f"the test of {service} passes where its program does not run")
    check.require(
        demand,
        not ill,
        f"{'; '.join(ill)}.",
        "Compose shows the health beside the state. The api's check is in its Dockerfile, the others are yours.",
    )


def kept(check: Check, demand: str, stack: Stack) -> None:
    """Require that the data of the two services that have to remember are in volumes with names."""
    db = stack["db"][0].container
    with check.disturbing():
        used = query(check.client, db, "SHOW data_directory") or setup.DATA["db"]
    homes = {"db": used, "vectors": f"{setup.DATA['vectors']}/collections"}
    lost = [service for service, home in homes.items() if not _in_named_volume(check, stack, service, home)]
    check.require(
        demand,
        not lost,
        f"No volume with a name holds the data of {' and '.join(lost)}: they end with the containers, or cannot be "
        "found again.",
        "A volume without a name is a new one for each new container. The table says where the data are.",
    )


def _in_named_volume(check: Check, stack: Stack, service: str, home: str) -> bool:
    """Tell whether a directory with files in it is in a volume that has a name."""
    container = stack[service][0].container
    mount = _covering(container, home)
    return (
        mount is not None
        and mount.type == "volume"
        and not mount.unnamed
        and bool(entries(check.client, container.id, home))
    )


def _covering(container: Container, path: str) -> Mount | None:
    """Return the mount that a path of a container lies in."""
    over = [one for one in container.mounts if f"{path}/".startswith(f"{one.target.rstrip('/')}/")]
    return max(over, key=lambda one: len(one.target.rstrip("/")), default=None)
