"""Checks of Part 7 on containers that do not run: what ends at once, and what finds its port taken."""

from __future__ import annotations

import time
from typing import Any

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.answers import read_now
from course.checks.check import Check, exercise
from course.checks.lifecycle import undisturbed
from course.checks.probing import answers_twice, eventually, loopback_port, places, still_running
from course.facts import Container
from course.facts.exec import exec_in, run_helper
from course.facts.main_process import command_line
from course.setups import part7_faults as setup


@exercise
def at_once(check: Check) -> None:
    """Require that the three stalls serve their page, and that each lives and ends with its server."""
    codes = read_now("exit_codes")
    check.part(
        lambda: codes() == setup.stalls_by_name(),
        "exit_codes says of each container how it had ended.",
        lambda: wrong_codes(codes()),
        "Inspect shows ExitCode in the container's State. Each container has its own.",
    )
    for code, name in setup.stalls().items():
        problem, hint = stall_problem(check.client, name, code)
        check.part(not problem, f"{name} serves its page, and would end with its server.", problem, hint)


def stall_problem(client: DockerClient, name: str, code: int) -> tuple[str, str]:
    """Return what is wrong with a stall and where to look, or twice empty text."""
    container = facts.container(client, name)
    if container is None:
        return f"There is no container {name}.", "Make it again under the same name, of the same image."
    if container.state.status == "restarting" or container.restart_count:
        return (
            f"{name} is started again and again ({container.restart_count} times so far): it still ends by itself.",
            "A restart policy does not cure what makes a program end. What did it say last?",
        )
    running = still_running(client, name)
    if running is None:
        return _not_running(facts.container(client, name), name, code)
    if not _is_of(client, running, run.name("market")):
        return (
            f"{name} was made of another image than {run.name('market')}.",
            "Nothing is wrong with the image.",
        )
    if setup.page() not in _page(client, running):
        return (
            f"{name} runs, but nothing serves its page on port {setup.STALL_PORT}. {_main(client, running)}",
            "A container that runs is not yet one that works. Which program should it run?",
        )
    if not _ends_with_its_server(client, running):
        return (
            f"The check ended the server in {name}, and the container went on as if nothing had happened. "
            f"{_main(client, running)}",
            "The server itself has to stay in the foreground: then the Engine knows whether it lives.",
        )
    return "", ""


def serves_after_restart(client: DockerClient) -> bool:
    """Tell whether all three serve their page again after a restart."""
    names = list(setup.stalls().values())
    for name in names:
        client.api.restart(name, timeout=0)
    containers = [facts.container(client, name) for name in names]
    return all(
        each is not None and eventually(lambda: setup.page() in _page(client, each), 3)  # noqa: B023  used at once
        for each in containers
    )


def _not_running(container: Container | None, name: str, code: int) -> tuple[str, str]:
    if container is None or container.state.status == "created":
        code = container.state.exit_code if container is not None else code
        return (
            f"{name} was never started: the attempt left exit code {code}.",
            "It has no log, for no program ever ran. The Engine's own words are in its State, under Error.",
        )
    code = container.state.exit_code
    return (
        f"{name} is {container.state.status}, with exit code {code}.",
        "Its log says what it missed." if code else "What was its command, and does that one stay?",
    )


def _main(client: DockerClient, container: Container) -> str:
    return f"Its main program is: {command_line(client, container.id)[:80]}"


def _page(client: DockerClient, container: Container) -> str:
    line = ["timeout", "3", "wget", "-q", "-O", "-", f"http://127.0.0.1:{setup.STALL_PORT}/"]
    outcome = run_helper(client, line, network=f"container:{container.id}")
    return outcome.output if outcome is not None and outcome.ok else ""


def _ends_with_its_server(client: DockerClient, container: Container) -> bool:
    """End the server, and tell whether the container ends with it; it is started again then.

    A server that is process 1 cannot be ended from inside, and needs no proof.
    """
    if command_line(client, container.id).split(" ")[0].endswith("httpd"):
        return True
    exec_in(client, container.id, ["killall", "-9", "httpd"])

    def ended() -> bool:
        now = facts.container(client, container.id)
        return now is None or not now.running or now.state.started_at != container.state.started_at

    if not eventually(ended, 3):
        return False
    client.api.restart(container.id, timeout=0)  # even if a restart policy was faster: this one does not count
    return True


def _is_of(client: DockerClient, container: Container, name: str) -> bool:
    """Tell whether a container stands on an image, or on one that was built on it."""
    image, wanted = facts.image(client, container.image), facts.image(client, name)
    return image is not None and wanted is not None and image.builds_on(wanted)


def wrong_codes(given: Any) -> str:
    """Return a sentence on the containers whose exit codes are not right."""
    if not isinstance(given, dict):
        return "exit_codes is no dictionary of names and numbers."
    wanted = setup.stalls_by_name()
    wrong = sorted(name for name in wanted if given.get(name) != wanted[name])
    return f"exit_codes is not right for {', '.join(wrong) or 'other containers than the three'}."


@exercise
def port_taken(check: Check) -> None:
    """Require that the kiosk answers at another port, and that the container that had the first one was left alone."""
    client, name, named = check.client, run.name("kiosk"), read_now("holder")
    holder = facts.container(client, setup.holder())
    check.gate(
        lambda: holder is not None and at_its_port(holder) and undisturbed(client, holder),
        f"{setup.holder()}, which has the port, runs on undisturbed.",
        lambda: f"The container that has the port was disturbed: {_disturbance(holder)}.",
        "It does somebody's work. Another port of this machine is as good. (The set-up can be run again.)",
        weight=0,
    )
    image = facts.image(client, name)
    ours = [
        each
        for each in (facts.container(client, item["Id"]) for item in client.api.containers(all=True))
        if each is not None and image is not None and each.image == image.id
    ]
    states = ", ".join(f"{one.name} is {one.state.status}, exit code {one.state.exit_code}" for one in ours)
    running = next((one.id for one in ours if one.running), None)
    kiosk = check.need(
        still_running(client, running) if running else None,
        f"No container of the image {name} runs{f': {states}' if states else ''}.",
        "State.Error says why the first attempt failed.",
    )
    port = criteria.published_port(
        check, kiosk, f"{kiosk.name} publishes no port.", "Its program listens on port 8000."
    )
    criteria.answers(
        check,
        port,
        f"The kiosk answers at 127.0.0.1:{port}, and again a moment later.",
        "Which port does its program listen on inside?",
        also=setup.page(),
        weight=2,
    )
    criteria.on_loopback(check, kiosk)
    left = [one.name for one in ours if one.state.status == "created"]
    check.gate(
        not left,
        "The failed attempt was cleared away.",
        f"The failed attempt is still there: {', '.join(left)}, in the state created.",
        "A container that could not start keeps its name and its settings, the wrong port included.",
    )
    check.part(
        lambda: names_holder(named(), holder),
        "holder names the container that has the port.",
        lambda: f"holder is {str(named())[:60]!r}, which is not the container that has the port.",
        "The list of running containers shows who publishes what, and it can be filtered by port.",
    )


def at_its_port(holder: Container) -> bool:
    """Tell whether the container that has the port runs, and publishes only where the set-up put it."""
    ports = [port.host_port for port in holder.ports]
    return holder.running and bool(ports) and set(ports) <= set(setup.wanted_ports())


def holder_answers(client: DockerClient) -> bool:
    """Tell whether the container that has the port still answers there, after a moment too."""
    container = facts.container(client, setup.holder())
    port = loopback_port(container) if container is not None else None
    time.sleep(0.3)
    return port is not None and answers_twice(port).ok


def names_holder(value: object, holder: Container | None) -> bool:
    """Tell whether a student's answer is the name, or at least 12 characters of the ID, of the port's holder."""
    text = str(value).strip().removeprefix("/")
    return text == setup.holder() or (len(text) >= 12 and holder is not None and holder.id.startswith(text))


def _disturbance(holder: Container | None) -> str:
    if holder is None:
        return f"{setup.holder()} is gone"
    if not holder.running:
        return f"{holder.name} is {holder.state.status}"
    if not at_its_port(holder):
        return f"{holder.name} is now at {places(holder)}"
    return f"{holder.name} was stopped and started again in between"
