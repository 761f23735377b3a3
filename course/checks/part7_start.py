"""Checks of Part 7 on containers that do not run: what ends at once, and what finds its port taken."""

from __future__ import annotations

import time
from typing import Any

from docker import DockerClient

from course import facts, run
from course.answers import answer
from course.checks.probing import eventually, is_loopback, loopback_port, places, running, steady
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts import Container
from course.facts.inside import exec_in, from_network
from course.facts.main_process import command_line
from course.facts.settings import settings
from course.setups import part7_faults as setup

DISTURBING = frozenset({"die", "kill", "stop", "restart", "pause", "rename"})
"""What the Engine reports of a container that somebody does something to."""
AT_ONCE = 20.0
"""Seconds between making and starting a container that a set-up plants: more means that it was started again."""


def at_once() -> Report:
    """Exercise 44: the three stalls serve their page, and each lives and ends with its server."""
    report = Report("It ends at once")
    client = connect()
    codes, missing = _asked("exit_codes")
    report.require(
        codes == setup.stalls_by_name(),
        passed="exit_codes says of each container how it had ended.",
        failed=missing or _wrong_codes(codes),
        hint="Inspect shows ExitCode in the container's State. Each container has its own.",
    )
    for code, name in setup.stalls().items():
        problem, hint = stall_problem(client, name, code)
        report.require(
            not problem,
            passed=f"{name} serves its page, and would end with its server.",
            failed=problem,
            hint=hint,
        )
    return report


def stall_problem(client: DockerClient, name: str, code: int) -> tuple[str, str]:
    """Return what is wrong with a stall and where to look, or twice empty text."""
    found, wishes = facts.container(client, name), settings(client, name)
    if found is None or wishes is None:
        return f"There is no container {name}.", "Make it anew under the same name, of the same image."
    if found.state == "restarting" or wishes.restarts:
        return (
            f"{name} is started again and again ({wishes.restarts} times so far): it still ends by itself.",
            "A restart policy does not cure what makes a program end. What did it say last?",
        )
    found = running(client, name)
    if found is None:
        return _not_running(client, name, code)
    if not _is_of(client, found, run.name("market")):
        return (
            f"{name} was made of another image than {run.name('market')}.",
            "Nothing is wrong with the image.",
        )
    if setup.page() not in _page(client, found):
        main = command_line(client, found.id)[:80]
        return (
            f"{name} runs, but nothing serves its page on port {setup.STALL_PORT}. Its main program is: {main}",
            "A container that runs is not yet one that works. Which program should it run?",
        )
    if not _ends_with_its_server(client, found):
        main = command_line(client, found.id)[:80]
        return (
            f"The check ended the server in {name}, and the container went on as if nothing had happened. "
            f"Its main program is: {main}",
            "The server itself has to stay in the foreground: then the Engine knows whether it lives.",
        )
    return "", ""


def serves_after_restart(client: DockerClient) -> bool:
    """Tell whether all three serve their page again after a restart."""
    names = list(setup.stalls().values())
    for name in names:
        client.api.restart(name, timeout=0)
    found = [facts.container(client, name) for name in names]
    return all(
        each is not None and eventually(lambda: setup.page() in _page(client, each), 3)  # noqa: B023  used at once
        for each in found
    )


def _not_running(client: DockerClient, name: str, code: int) -> tuple[str, str]:
    found = facts.container(client, name)
    if found is None or found.state == "created":
        hint = "It has no log, for no program ever ran. The Engine's own words are in its State, under Error."
        return (
            f"{name} was never started: the attempt left exit code {found.exit_code if found else code}.",
            hint,
        )
    hint = (
        "Its log says what it missed." if found.exit_code else "What was its command, and does that one stay?"
    )
    return f"{name} is {found.state}, with exit code {found.exit_code}.", hint


def _page(client: DockerClient, found: Container) -> str:
    line = ["timeout", "3", "wget", "-q", "-O", "-", f"http://127.0.0.1:{setup.STALL_PORT}/"]
    outcome = from_network(client, f"container:{found.id}", line)
    return outcome.output if outcome is not None and outcome.exit_code == 0 else ""


def _ends_with_its_server(client: DockerClient, found: Container) -> bool:
    """End the server, and tell whether the container ends with it; it is started again then.

    A server that is process 1 cannot be ended from inside, and needs no proof.
    """
    if command_line(client, found.id).split(" ")[0].endswith("httpd"):
        return True
    before = settings(client, found.id)
    exec_in(client, found.id, ["killall", "-9", "httpd"])

    def ended() -> bool:
        state, now = facts.container(client, found.id), settings(client, found.id)
        again = now is not None and before is not None and now.started_at != before.started_at
        return again or state is None or state.state != "running"

    if not eventually(ended, 3):
        return False
    client.api.restart(
        found.id, timeout=0
    )  # also where a restart policy was faster: so that it does not count
    return True


def _is_of(client: DockerClient, found: Container, name: str) -> bool:
    """Tell whether a container stands on an image, or on one that was built on it."""
    image, wanted = facts.image(client, found.image_id), facts.image(client, name)
    return image is not None and wanted is not None and image.builds_on(wanted)


def _wrong_codes(given: Any) -> str:
    if not isinstance(given, dict):
        return "exit_codes is no dictionary of names and numbers."
    wanted = setup.stalls_by_name()
    wrong = sorted(name for name in wanted if given.get(name) != wanted[name])
    return f"exit_codes is not right for {', '.join(wrong) or 'other containers than the three'}."


def _asked(variable: str) -> tuple[Any, str]:
    """Return a student's answer, and why there is none; asked for before the check makes anything of its own."""
    try:
        return answer(variable), ""
    except NoAnswer as reason:
        return None, str(reason)


def port_taken() -> Report:
    """Exercise 45: the kiosk answers at another port, the container that had the first one was left in peace."""
    report = Report("The port is taken")
    client, name = connect(), run.name("kiosk")
    value, problem = _asked("holder")
    found = facts.container(client, setup.holder())
    report.require(
        lambda: found is not None and found.state == "running" and undisturbed(client, found),
        passed=f"{setup.holder()}, which has the port, runs on undisturbed.",
        failed=f"The container that has the port was disturbed: {_told(client, found)}.",
        hint="It does somebody's work. Another port of this machine is as good. (The set-up can be run again.)",
        essential=True,
        weight=0,
    )
    image = facts.image(client, name)
    ours = [
        each
        for each in (facts.container(client, item["Id"]) for item in client.api.containers(all=True))
        if each is not None and image is not None and each.image_id == image.id
    ]
    kiosk = next((each for each in ours if each.state == "running"), None)
    if kiosk is None or running(client, kiosk.id) is None:
        states = ", ".join(f"{each.name} is {each.state}, exit code {each.exit_code}" for each in ours)
        return report.give_up(
            failed=f"No container of the image {name} runs" + (f": {states}." if states else "."),
            hint="State.Error says why the first attempt failed.",
        )
    port = loopback_port(kiosk)
    if port is None:
        return report.give_up(
            failed=f"{kiosk.name} publishes no port.", hint="Its program listens on port 8000."
        )
    reply = steady(port)
    report.require(
        reply.ok and setup.page() in reply.body,
        passed=f"The kiosk answers at 127.0.0.1:{port}, and again a moment later.",
        failed=f"At 127.0.0.1:{port}: {reply.problem or f'status {reply.status}, but not its page'}. "
        f"Published is {places(kiosk)}.",
        hint="Which port does its program listen on inside?",
        essential=True,
        weight=2,
    )
    report.require(
        all(is_loopback(address) for _, address, _ in kiosk.ports),
        passed="Only this machine reaches it.",
        failed=f"It is published at {places(kiosk)}; asked for was 127.0.0.1 only.",
        hint="The address goes before the port.",
    )
    left = [each.name for each in ours if each.state == "created"]
    report.require(
        not left,
        passed="The failed attempt was cleared away.",
        failed=f"The failed attempt is still there: {', '.join(left)}, in the state created.",
        hint="A container that could not start keeps its name and its settings, the wrong port included.",
        essential=True,
    )
    report.require(
        not problem and _names_holder(value, found),
        passed="holder names the container that has the port.",
        failed=problem or f"holder is {str(value)[:60]!r}, which is not the container that has the port.",
        hint="The list of running containers shows who publishes what, and it can be filtered by port.",
    )
    return report


def undisturbed(client: DockerClient, found: Container) -> bool:
    """Tell whether a planted container has run without a break since it was made, as it was made.

    Raises NotKnown where nobody has written down what happened to it.
    """
    if found.started is None or found.started - found.created > AT_ONCE:
        return False
    history = facts.history(client, "container")
    if {event.action for event in history.of(found.id)} & DISTURBING:
        return False
    history.vouch(found.id, since=found.created, actions=DISTURBING)
    if found.name == setup.holder():
        return all(port in setup.wanted_ports() for _, _, port in found.ports) and bool(found.ports)
    return True


def holder_answers(client: DockerClient) -> bool:
    """Tell whether the container that has the port still answers there, after a moment too."""
    found = facts.container(client, setup.holder())
    port = loopback_port(found) if found is not None else None
    time.sleep(0.3)
    return port is not None and steady(port).ok


def _told(client: DockerClient, found: Container | None) -> str:
    if found is None:
        return f"{setup.holder()} is gone"
    if found.state != "running":
        return f"{found.name} is {found.state}"
    if not all(port in setup.wanted_ports() for _, _, port in found.ports):
        return f"{found.name} is now at {places(found)}"
    return f"{found.name} was stopped and started again in between"


def _names_holder(value: Any, found: Container | None) -> bool:
    text = str(value).strip().removeprefix("/")
    return text == setup.holder() or (len(text) >= 12 and found is not None and found.id.startswith(text))
