"""The check of Part 7 on a container that finds its port taken."""

from __future__ import annotations

from collections.abc import Sequence

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.answers import read_now
from course.checks.check import Check, exercise
from course.checks.compose_projects import all_running
from course.checks.lifecycle import planted, undisturbed
from course.checks.part7_start import stalls
from course.checks.probing import answering_port, answers_twice, is_loopback, loopback_port, places, still_running
from course.facts import Container
from course.facts.http import fetch
from course.setups import part7_start as setup
from course.setups.part2 import SERVER


@exercise
def port_taken(check: Check) -> None:
    """Require that the kiosk answers at another port, and that the container that had the first one was left alone."""
    client, name, named = check.client, run.name("kiosk"), read_now("holder")
    holder = facts.container(client, setup.holder())
    check.require(
        "undisturbed",
        lambda: (
            holder is not None and at_its_port(holder) and is_planted(client, holder) and undisturbed(client, holder)
        ),
        lambda: f"The container that has the port was disturbed: {_disturbance(client, holder)}.",
        "It does somebody's work. Another port of this machine is as good. (The set-up can be run again.)",
    )
    image = criteria.given_image(check, "serves", "kiosk", setup.kiosk_files())
    ours = [
        each
        for each in (facts.container(client, item["Id"]) for item in client.api.containers(all=True))
        if each is not None and each.image == image.id
    ]
    states = ", ".join(f"{one.name} is {one.state.status}, exit code {one.state.exit_code}" for one in ours)
    running = [found for one in ours if one.running and (found := still_running(client, one.id))]
    kiosk = check.need(
        "serves",
        next((one for one in running if _shows_page(one)), next(iter(running), None)),
        f"No container of the image {name} runs{f': {states}' if states else ''}.",
        "State.Error says why the first attempt failed.",
    )
    port = check.need(
        "serves",
        answering_port(kiosk),
        f"{kiosk.name} publishes no port at 127.0.0.1.",
        "Its program listens on port 8000.",
    )
    criteria.answers(check, "serves", port, "Which port does its program listen on inside?", also=setup.page())
    for one in [*running, *_other_doors(client, running)]:
        criteria.on_loopback(check, "on-loopback", one)
    left = [one.name for one in ours if one.state.status == "created"]
    check.require(
        "cleared",
        not left,
        f"The failed attempt is still there: {', '.join(left)}, in the state created.",
        "A container that could not start keeps its name and its settings, the wrong port included.",
    )
    check.require(
        "holder",
        lambda: names_holder(named(), holder),
        lambda: f"holder is {str(named())[:60]!r}, which is not the container that has the port.",
        "The list of running containers shows who publishes what, and it can be filtered by port.",
    )


def _other_doors(client: DockerClient, kiosks: Sequence[Container]) -> list[Container]:
    """Return other containers that show the kiosk's page at more addresses than 127.0.0.1; stalls have the same one."""
    known = {one.id for one in (*kiosks, *stalls(client))}
    return [
        one
        for one in all_running(client)
        if one.id not in known and not all(is_loopback(port.host_ip) for port in one.ports) and _shows_page(one)
    ]


def is_planted(client: DockerClient, holder: Container) -> bool:
    """Tell whether the container that has the port is the one that the set-up made."""
    return planted(client, holder, SERVER)


def at_its_port(holder: Container) -> bool:
    """Tell whether the container that has the port runs, and publishes only where the set-up put it."""
    ports = [port.host_port for port in holder.ports]
    return holder.running and bool(ports) and set(ports) <= set(setup.wanted_ports())


def holder_answers(client: DockerClient) -> bool:
    """Tell whether the container that has the port still answers there, after a moment too."""
    container = facts.container(client, setup.holder())
    port = loopback_port(container) if container is not None else None
    return port is not None and answers_twice(port).ok


def names_holder(value: object, holder: Container | None) -> bool:
    """Tell whether a student's answer is the name, or at least 12 characters of the ID, of the port's holder."""
    text = str(value).strip().removeprefix("/")
    return text == setup.holder() or (len(text) >= 12 and holder is not None and holder.id.startswith(text))


def _shows_page(container: Container) -> bool:
    port = answering_port(container)
    return port is not None and setup.page() in fetch(port).body


def _disturbance(client: DockerClient, holder: Container | None) -> str:
    if holder is None:
        return f"{setup.holder()} is gone"
    if not holder.running:
        return f"{holder.name} is {holder.state.status}"
    if not at_its_port(holder):
        return f"{holder.name} is now at {places(holder)}"
    if not is_planted(client, holder):
        return f"{holder.name} is another container than the one that the set-up made"
    return f"{holder.name} was stopped and started again in between"
