"""Checks of Part 2 on ports. What a container publishes is read from the Engine, and then tried."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final, NoReturn

from docker import DockerClient

from course import facts, run
from course.checks import criteria, lifecycle
from course.checks.answers import whole_number
from course.checks.check import LOOK_AT_ALL, Check, exercise
from course.checks.probing import answering_port, answers_twice, places, still_running
from course.facts import Container
from course.facts.http import fetch
from course.facts.sockets import sockets
from course.setups import part2 as setup

_REQUESTS: Final = 12
"""More than a health check of the container's own makes in the same time."""


@exercise
def loopback(check: Check) -> None:
    """Require nginx at 127.0.0.1, at the port that was asked for, and nowhere else."""
    port = check.answer("web_port", "Run the cell that sets web_port.", read=whole_number)
    container = still_running(check.client, run.name("web"))
    if container is None or not container.ports:
        _unpublished(check, port)
    criteria.runs_course_image(check, "nginx", container, "nginx")
    criteria.on_loopback(
        check,
        "on-loopback",
        container,
        "The address stands before the port. Without one, Docker opens the port on every address.",
    )
    served = answering_port(container) or port
    reply = answers_twice(served)
    check.require(
        "answers",
        reply.ok,
        f"At 127.0.0.1:{served}: {criteria.described(reply)}. Published is {places(container)}.",
        "Docker accepts the connection in any case. Inside, a program must listen on the port to which it leads.",
    )
    check.require(
        "answers",
        lambda: criteria.logs_a_request(check, container, served),
        f"A request to 127.0.0.1:{served} did not turn up in this container's log.",
        "Find out which process uses that port on this machine.",
        seen="A request of the check's turned up in this container's log.",
    )
    check.settle()
    check.require(
        "port",
        lambda: port == served or criteria.logs_a_request(check, container, port),
        f"Port {port} of this machine was asked for; published is {places(container)}.",
        "Two numbers belong to a published port: this machine's and the container's. Which one comes first?",
    )


@exercise
def random_port(check: Check) -> None:
    """Require that the Engine chose the port, and that it was asked for after the container was started again."""
    container = check.running("lucky")
    inside = [port.host_port for port in container.ports if port.container_port == "80/tcp"]
    if not inside:
        check.stop(
            "answers",
            f"Port 80 of {container.name} is not published. Published is: {places(container)}.",
            "nginx listens on port 80 inside.",
        )
    criteria.answers(
        check, "answers", answering_port(container) or inside[0], "Which port does the program listen on inside?"
    )
    criteria.runs_course_image(check, "nginx", container, "nginx")
    criteria.on_loopback(check, "on-loopback", container, "An address can be given without a port.")
    asked = [each.host_port for each in container.host_config.port_bindings if each.container_port == "80/tcp"]
    fixed = [port for port in asked if port not in ("", "0")]
    chosen = [port for port in inside if str(port) not in fixed]
    check.require(
        "chosen",
        not fixed or len(fixed) < len(asked),
        f"The port was not left to Docker: {', '.join(fixed)} was asked for.",
        "The container's settings note which port was asked for; here there must be none.",
    )
    history = facts.history(check.client, "container")
    starts = lifecycle.steps(history.of(container.id)).count("start")
    check.require(
        "restarted",
        lambda: history.happened(starts > 1, container.id, since=container.created),
        "The container was started only once.",
        "The question is what happens to the port when the same container starts again.",
        seen=f"It was started {starts} times.",
    )
    criteria.predicted(check, "restarted-port")
    check.require(
        "number",
        lambda: whole_number("lucky_port") in (chosen or inside),
        lambda: f"lucky_port is {whole_number('lucky_port')}; published is {places(container)}.",
        "Let Python ask the Engine after the restart. Do not write the number down by hand.",
    )


@exercise
def reachable(check: Check) -> None:
    """Require that the planted program itself listens on all of its container's addresses."""
    client, name = check.client, run.name("shop")
    container = facts.container(client, name)
    if container is not None and container.host_config.network_mode == "host":
        check.stop(
            "answers",
            f"{name} uses the host's network, where no port is published.",
            "The container's own network is fine. What does the program inside do with it?",
        )
    container = check.running(
        "shop",
        f"Look at its log. {LOOK_AT_ALL} (The host's network is no way out, and refused in many places.)",
    )
    port = answering_port(container)
    works = port is not None and shop_answers(port)
    with check.disturbing():
        before = sockets(client, container.id)
    alone = before is not None and any(port == setup.SHOP_PORT for _, port in before.only_to_itself)
    check.require(
        "answers",
        works,
        lambda: _no_shop(container, port, alone=alone),
        "Its first log line says where it listens. Find out what decides that."
        if alone
        else "Which port does the program listen on inside? Is that the one that is published?",
    )
    criteria.runs_given_image(check, "image", container, "shop", setup.shop_recipe(), extended=True, changed=True)
    criteria.on_loopback(
        check,
        "on-loopback",
        container,
        "0.0.0.0 inside the container and 0.0.0.0 on this machine are two different things.",
    )
    check.settle()
    check.require(
        "itself",
        not alone,
        f"Inside, a program still listens on 127.0.0.1, port {setup.SHOP_PORT}: what answers is another one.",
        "Its first log line says where it listens. Find out what decides that.",
    )
    check.settle()
    with check.disturbing():
        relayed = port is not None and _passes_on(client, container, port)
    check.require(
        "itself",
        not relayed,
        f"For each request, {name} opens a connection of its own: it passes the requests on.",
        "Which program answers in the end, and in which container?",
        seen="Answering requests, it opened no connection of its own.",
    )


def shop_answers(port: int) -> bool:
    """Tell whether what answers at the port gives this run's answer to a random path."""
    path = f"/{secrets.token_hex(8)}"
    return answers_twice(port, path).body == hashlib.sha256((run.token() + path).encode()).hexdigest()


def _unpublished(check: Check, port: int) -> NoReturn:
    container = check.container("web")
    state = "runs, but publishes no port" if container.running else f"is {container.state.status}, not running"
    # A program of the student's may be halted while a check runs: then it takes the connection and does not answer.
    if fetch(port, seconds=1).connected:
        check.stop(
            "answers",
            f"Something listens at 127.0.0.1:{port}, but not {container.name}: that container {state}.",
            "Another program uses the port. The Engine's message at the start says so.",
        )
    if container.running:
        hint = "That an image names a port (EXPOSE) opens nothing; publishing does."
    else:
        hint = "Its log, or the Engine's message at the start, says why."
    check.stop("answers", f"The container {container.name} {state}.", hint)


def _no_shop(container: Container, port: int | None, *, alone: bool) -> str:
    if alone:
        return (
            "Inside, the program still listens on 127.0.0.1: whatever is published, only its own container reaches it."
        )
    if port is None:
        return f"{container.name} publishes no port at 127.0.0.1. Published is: {places(container)}."
    reply = answers_twice(port)
    said = "the answer is another one than the shop's" if reply.ok else criteria.described(reply)
    return f"At 127.0.0.1:{port}: {said}. Published is {places(container)}."


def _passes_on(client: DockerClient, container: Container, port: int) -> bool:
    """Tell whether the container opens a connection for each request, or keeps one open all the time."""
    before = sockets(client, container.id)
    for _ in range(_REQUESTS):
        fetch(port, f"/{secrets.token_hex(8)}")
    after = sockets(client, container.id)
    if before is None or after is None:
        return False
    return after.opened - before.opened >= _REQUESTS or min(before.outgoing, after.outgoing) > 0
