"""Checks of Part 2 on ports. What a container publishes is read from the Engine, and then tried."""

from __future__ import annotations

import hashlib
import secrets
from typing import NoReturn

from docker import DockerClient

from course import facts, run
from course.checks import criteria, lifecycle
from course.checks.answers import whole_number
from course.checks.check import LOOK_AT_ALL, Check, exercise
from course.checks.probing import answers_twice, loopback_port, places, still_running
from course.facts import Container
from course.facts.exec import run_helper
from course.facts.http import fetch
from course.setups import part2 as setup


@exercise
def loopback(check: Check) -> None:
    """Require nginx at 127.0.0.1, at the port that was asked for, and nowhere else."""
    port = check.answer("web_port", "Run the cell that sets web_port.", read=whole_number)
    container = still_running(check.client, run.name("web"))
    if container is None or not container.ports:
        _unpublished(check, port)
    criteria.runs_course_image(check, "nginx", container, "nginx")
    criteria.on_loopback(
        check, "on-loopback", container, "The address goes before the port; without one, all addresses are meant."
    )
    criteria.at_port(check, "port", container, port)
    served = loopback_port(container) or port
    reply = answers_twice(served)
    check.require(
        "answers",
        reply.ok,
        f"At 127.0.0.1:{served}: {reply.problem or f'status {reply.status}'}. Published is {places(container)}.",
        "Docker takes the connection in any case. Inside, a program has to listen on the port to which it is led.",
    )
    check.require(
        "answers",
        lambda: criteria.logs_a_request(check, container, served),
        f"What answers at 127.0.0.1:{served} is not this container: its log does not show the request.",
        "Look which process has the port on this machine.",
        seen="A request of the check's turned up in this container's log.",
    )


@exercise
def random_port(check: Check) -> None:
    """Require that the Engine chose the port, and that it was asked for after the container was started again."""
    container = check.running("lucky")
    inside = [port for port in container.ports if port.container_port == "80/tcp"]
    if not inside:
        check.stop(
            f"Port 80 of {container.name} is not published. Published is: {places(container)}.",
            "nginx listens on port 80 inside.",
        )
    fixed = [
        binding.host_port
        for binding in container.host_config.port_bindings
        if binding.container_port == "80/tcp" and binding.host_port not in ("", "0")
    ]
    check.gate(
        not fixed,
        "No certain port of this machine was asked for: Docker chose.",
        f"The port was not left to Docker: {', '.join(fixed)} was asked for.",
        "The container's settings note which port was asked for; here it has to be none.",
    )
    criteria.on_loopback(check, container, "An address can be given without a port.")
    history = facts.history(check.client, "container")
    starts = lifecycle.steps(history.of(container.id)).count("start")
    check.part(
        lambda: history.happened(starts > 1, container.id, since=container.created),
        "The same container was started twice.",
        "The container was started only once.",
        "The question is what becomes of the port when the same container starts again.",
    )
    criteria.predicted(check, "restarted-port")
    now = inside[0].host_port
    check.gate(
        lambda: whole_number("lucky_port") == now,
        f"lucky_port is the port that it has now, {now}.",
        "lucky_port is not the port that it has now: a number that was right once may be wrong after a start.",
        "Let Python ask the Engine, after the restart, and do not write the number down by hand.",
    )
    criteria.answers(
        check,
        now,
        "nginx answers there, and again a moment later.",
        "Which port does the program listen on inside?",
    )


@exercise
def reachable(check: Check) -> None:
    """Require that the planted program itself listens on all of its container's addresses."""
    name = run.name("shop")
    container = facts.container(check.client, name)
    if container is not None and container.host_config.network_mode == "host":
        check.stop(
            f"{name} uses the host's network: it is no longer kept apart from this machine.",
            "The container's own network is fine. What does the program inside do with it?",
        )
    container = check.running(
        "shop",
        f"Look at its log. {LOOK_AT_ALL} (The host's network is no way out, and refused in many places.)",
    )
    port = loopback_port(container)
    reply = answers_twice(port) if port is not None else None
    works = reply is not None and reply.ok
    check.gate(
        not _listens_to_itself(check.client, container),
        "Inside, nothing listens on 127.0.0.1 any more.",
        "Something passes requests on, but the program itself still listens on 127.0.0.1."
        if works
        else "Inside, the program still listens on 127.0.0.1: whatever is published, only its container reaches it.",
        "Its first log line says where it listens. Find out what decides that.",
    )
    port = check.need(port, f"{name} publishes no port of this machine.", f"The program's port is {setup.SHOP_PORT}.")
    criteria.on_loopback(check, container, "0.0.0.0 inside the container and 0.0.0.0 on this machine are two things.")
    check.gate(
        works and shop_answers(port),
        f"The shop answers at 127.0.0.1:{port}, and again a moment later.",
        f"At 127.0.0.1:{port} the shop does not answer: "
        f"{(reply.problem if reply else '') or 'the answer is another one'}. Published is {places(container)}.",
        "Which port does the program listen on inside? Is it that one which is published?",
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
            "Another program has the port. What the Engine says at the start tells why it could not have it.",
        )
    if container.running:
        hint = "That an image names a port (EXPOSE) opens nothing; publishing does."
    else:
        hint = "Its log, or what the Engine said at the start, tells why."
    check.stop("answers", f"The container {container.name} {state}.", hint)


def _listens_to_itself(client: DockerClient, container: Container) -> bool:
    """Tell whether a program in the container listens on 127.0.0.1 or ::1, as its kernel's table of sockets says."""
    for table, addresses in (("tcp", ("0100007F",)), ("tcp6", ("00000000000000000000000001000000",))):
        outcome = run_helper(client, ["cat", f"/proc/net/{table}"], network=f"container:{container.id}")
        rows = [line.split() for line in outcome.output.splitlines()[1:]] if outcome else []
        if any(len(row) > 3 and row[3] == "0A" and row[1].partition(":")[0] in addresses for row in rows):
            return True
    return False
