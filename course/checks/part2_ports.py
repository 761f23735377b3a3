"""Checks of Part 2 on ports. What a container publishes is read from the Engine, and then tried."""

from __future__ import annotations

import hashlib
import secrets

from docker import DockerClient

from course import facts, run
from course.checks import life
from course.checks.common import require_prediction, whole_number
from course.checks.probing import (
    eventually,
    is_loopback,
    log_lines,
    loopback_port,
    places,
    running,
    steady,
)
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts import Container
from course.facts.attached import attached
from course.facts.inside import from_network
from course.facts.web import fetch
from course.setups import part2 as setup


def loopback() -> Report:
    """Exercise 11: nginx is published at 127.0.0.1, at the port that was asked for, and nowhere else."""
    report = Report("Published on loopback")
    client, name = connect(), run.name("web")
    try:
        port = whole_number("web_port")
    except NoAnswer as reason:
        return report.give_up(failed=str(reason), hint="Run the cell that sets web_port.")
    found = running(client, name)
    if found is None or not found.ports:
        return _unpublished(report, client, name, port)
    outside = [address for _, address, _ in found.ports if not is_loopback(address)]
    report.require(
        not outside,
        passed="It is published at this machine's own address only.",
        failed=f"It is published at {', '.join(outside)}: that means every address of this machine, "
        "so others in its network reach it too.",
        hint="The address goes before the port; without one, all addresses are meant.",
        essential=True,
    )
    report.require(
        any(published == port for _, _, published in found.ports),
        passed=f"The port on this machine is the one that was asked for, {port}.",
        failed=f"Asked for was port {port} of this machine; published is {places(found)}.",
        hint="Two numbers belong to a published port: this machine's and the container's. Which one comes first?",
    )
    there = loopback_port(found) or port
    reply = steady(there)
    report.require(
        reply.ok,
        passed=f"nginx answers at 127.0.0.1:{there}, and again a moment later.",
        failed=f"At 127.0.0.1:{there}: {reply.problem or f'status {reply.status}'}. Published is {places(found)}.",
        hint="Docker takes the connection in any case. Inside, a program has to listen on the port to which it is led.",
        essential=True,
    )
    report.require(
        lambda: seen_by(client, found, there),
        passed="A request to that port turns up in this container's log.",
        failed=f"What answers at 127.0.0.1:{there} is not this container: its log does not show the request.",
        hint="Look which process has the port on this machine.",
        essential=True,
    )
    return report


def seen_by(client: DockerClient, found: Container, port: int) -> bool:
    """Tell whether a request with a random path, sent to the port, arrives at this nginx."""
    path = f"/{secrets.token_hex(8)}"
    fetch(port, path)
    return eventually(lambda: any(path in line for line in log_lines(client, found.id)), 2)


def random_port() -> Report:
    """Exercise 12: the Engine chose the port, the container was restarted, and the port was asked for after that."""
    report = Report("A port that Docker chose")
    client, name = connect(), run.name("lucky")
    found, wishes = running(client, name), attached(client, name)
    if found is None or wishes is None:
        return report.give_up(
            failed=f"There is no container {name} that runs.",
            hint="Look at the list of all containers, stopped ones too.",
        )
    inside = [place for place in found.ports if place[0] == "80/tcp"]
    if not inside:
        return report.give_up(
            failed=f"Port 80 of {name} is not published. Published is: {places(found)}.",
            hint="nginx listens on port 80 inside.",
        )
    fixed = [port for where, _, port in wishes.wanted_ports if where == "80/tcp" and port not in ("", "0")]
    report.require(
        not fixed,
        passed="Nobody asked for a certain port of this machine: Docker chose.",
        failed=f"The port was not left to Docker: {', '.join(fixed)} was asked for.",
        hint="The container's settings note which port was asked for; here it has to be none.",
        essential=True,
    )
    report.require(
        all(is_loopback(address) for _, address, _ in inside),
        passed="It is published at this machine's own address only.",
        failed=f"It is published at {places(found)}; asked for was 127.0.0.1 only.",
        hint="An address can be given without a port.",
    )
    history = facts.history(client, "container")
    report.require(
        lambda: history.happened(
            life.steps(history.of(found.id)).count("start") > 1, found.id, since=found.created
        ),
        passed="The same container was started twice.",
        failed="The container was started only once.",
        hint="The question is what becomes of the port when the same container starts again.",
    )
    require_prediction(report, "restarted-port")
    now = inside[0][2]
    report.require(
        lambda: whole_number("lucky_port") == now,
        passed=f"lucky_port is the port that it has now, {now}.",
        failed="lucky_port is not the port that it has now: a number that was right once may be wrong after a start.",
        hint="Let Python ask the Engine, after the restart, and do not write the number down by hand.",
        essential=True,
    )
    reply = steady(now)
    report.require(
        reply.ok,
        passed="nginx answers there, and again a moment later.",
        failed=f"At 127.0.0.1:{now}: {reply.problem or f'status {reply.status}'}.",
        hint="Which port does the program listen on inside?",
        essential=True,
    )
    return report


def reachable() -> Report:
    """Exercise 13: the planted program itself listens on all of its container's addresses."""
    report = Report("A program that listens to itself only")
    client, name = connect(), run.name("shop")
    found, wishes = facts.container(client, name), attached(client, name)
    if wishes is not None and wishes.network_mode == "host":
        return report.give_up(
            failed=f"{name} uses the host's network: it is no longer kept apart from this machine.",
            hint="The container's own network is fine. What does the program inside do with it?",
        )
    if found is None or wishes is None or running(client, name) is None:
        return report.give_up(
            failed=f"There is no container {name} that runs.",
            hint="Look at its log and at the list of all containers. "
            "(The host's network is no way out, and refused in many places.)",
        )
    port = loopback_port(found)
    reply = steady(port) if port is not None else None
    works = reply is not None and reply.ok
    report.require(
        not _listens_to_itself(client, found),
        passed="Inside, nothing listens on 127.0.0.1 any more.",
        failed="Something passes requests on, but the program itself still listens on 127.0.0.1."
        if works
        else "Inside, the program still listens on 127.0.0.1: whatever is published, only its container reaches it.",
        hint="Its first log line says where it listens. Find out what decides that.",
        essential=True,
    )
    if port is None:
        return report.give_up(
            failed=f"{name} publishes no port of this machine.",
            hint=f"The program's port is {setup.SHOP_PORT}.",
        )
    report.require(
        all(is_loopback(address) for _, address, _ in found.ports),
        passed="From outside, only this machine reaches it, as before.",
        failed=f"It is published at {places(found)}; it was, and should stay, 127.0.0.1 only.",
        hint="0.0.0.0 inside the container and 0.0.0.0 on this machine are two things.",
    )
    report.require(
        works and shop_answers(port),
        passed=f"The shop answers at 127.0.0.1:{port}, and again a moment later.",
        failed=f"At 127.0.0.1:{port} the shop does not answer: "
        f"{(reply.problem if reply else '') or 'the answer is another one'}. Published is {places(found)}.",
        hint="Which port does the program listen on inside? Is it that one which is published?",
        essential=True,
    )
    return report


def shop_answers(port: int) -> bool:
    """Tell whether what answers at the port gives this run's answer to a random path."""
    path = f"/{secrets.token_hex(8)}"
    return steady(port, path).body == hashlib.sha256((run.token() + path).encode()).hexdigest()


def _unpublished(report: Report, client: DockerClient, name: str, port: int) -> Report:
    found = facts.container(client, name)
    if found is None:
        return report.give_up(failed=f"There is no container {name}.", hint="Give it exactly this name.")
    state = "runs, but publishes no port" if found.state == "running" else f"is {found.state}, not running"
    # A program of the student's may be halted while a check runs: then it takes the connection and does not answer.
    if fetch(port, seconds=1).connected:
        return report.give_up(
            failed=f"Something listens at 127.0.0.1:{port}, but not {name}: that container {state}.",
            hint="Another program has the port. What the Engine says at the start tells why it could not have it.",
        )
    hint = "That an image names a port (EXPOSE) opens nothing; publishing does."
    if found.state != "running":
        hint = "Its log, or what the Engine said at the start, tells why."
    return report.give_up(failed=f"The container {name} {state}.", hint=hint)


def _listens_to_itself(client: DockerClient, found: Container) -> bool:
    """Tell whether a program in the container listens on 127.0.0.1 or ::1, as its kernel's table of sockets says."""
    for table, addresses in (("tcp", ("0100007F",)), ("tcp6", ("00000000000000000000000001000000",))):
        outcome = from_network(client, f"container:{found.id}", ["cat", f"/proc/net/{table}"])
        rows = [line.split() for line in outcome.output.splitlines()[1:]] if outcome else []
        if any(len(row) > 3 and row[3] == "0A" and row[1].partition(":")[0] in addresses for row in rows):
            return True
    return False
