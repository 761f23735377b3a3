"""The check of Part 7 on containers that end as soon as they are started."""

from __future__ import annotations

from typing import Any, Final

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.answers import read_now
from course.checks.check import Check, exercise
from course.checks.probing import (
    START_TIMEOUT,
    eventually,
    still_running,
)
from course.facts import Container, Image
from course.facts.exec import run_helper
from course.facts.main_process import command_line
from course.facts.sockets import end_processes, listeners
from course.setups import part7_start as setup

_PATIENCE: Final = 10.0
"""Seconds in which a page has to come, or a container to end."""


@exercise
def at_once(check: Check) -> None:
    """Require that the three stalls serve their page, and that each lives and ends with its server."""
    codes = read_now("exit_codes")
    image = criteria.given_image(check, "market", "market", setup.market_files())
    others = [each.name for each in stalls(check.client) if not _is_of(check.client, each, image)]
    check.require(
        "market",
        not others,
        f"{', '.join(others)} was made from another image than {run.name('market')}.",
        "Nothing is wrong with the image.",
    )
    check.require(
        "codes",
        lambda: not wrong_codes(codes()),
        lambda: wrong_codes(codes()),
        "Inspect shows ExitCode in the container's State. Each container has its own.",
    )
    check.settle()
    _stall(check, "had-0", 0)
    _stall(check, "had-1", 1)
    _stall(check, "had-127", 127)


def serves_after_restart(client: DockerClient, code: int) -> bool:
    """Tell whether the container that had this exit code serves its page again after a restart."""
    name = setup.stalls()[code]
    client.api.restart(name, timeout=0)
    container = facts.container(client, name)
    return container is not None and _serves(client, container, _page(code))


def wrong_codes(given: Any) -> str:
    """Return a sentence on the containers whose exit codes are not right; empty text if all are."""
    if not isinstance(given, dict):
        return "exit_codes is no dictionary of names and numbers."
    wanted = sorted(setup.stalls_by_name().items())
    said = {str(name).removeprefix("/"): str(code).strip() for name, code in given.items()}
    wrong = [f"{name} ({said.get(name, 'missing')[:20]})" for name, code in wanted if said.get(name) != str(code)]
    return f"exit_codes is not right for {', '.join(wrong)}." if wrong else ""


def stalls(client: DockerClient) -> list[Container]:
    """Return the stalls that are there."""
    found = (facts.container(client, name) for name in setup.stalls().values())
    return [container for container in found if container is not None]


def _stall(check: Check, demand: str, code: int) -> None:
    """Require that the stall that had this exit code serves its page, and ends with its server."""
    with check.disturbing():
        problem, hint = stall_problem(check.client, setup.stalls()[code], code)
    check.require(demand, not problem, problem, hint)


def stall_problem(client: DockerClient, name: str, code: int) -> tuple[str, str]:
    """Return what is wrong with a stall and where to look, or twice empty text."""
    container = facts.container(client, name)
    if container is None:
        return f"There is no container {name}.", "Make it again under the same name, of the same image."
    running = still_running(client, name)
    if running is None or not _serves(client, running, _page(code)):
        now = facts.container(client, name) or container
        if now.state.status == "restarting" or now.restart_count > container.restart_count:
            return (
                f"{name} is started again and again ({now.restart_count} times so far): it still ends by itself.",
                "A restart policy does not cure what makes a program end. What did it say last?",
            )
        if not now.running:
            return _not_running(now)
        if code == 1 and _serves(client, now, setup.page(), patience=0):
            return (
                f"{name} serves the page of the other stalls, and not its own: its program open-stall does not run. "
                f"{_main(client, now)}",
                "Its log says what that program was missing. Nothing is wrong with the program.",
            )
        return (
            f"{name} runs, but nothing serves its page on port {setup.STALL_PORT}. {_main(client, now)}",
            "A container that runs is not yet one that works. Which program should it run?",
        )
    return _outlives_its_server(client, running, _page(code))


def _not_running(container: Container) -> tuple[str, str]:
    code = container.state.exit_code
    if container.state.status == "created":
        return (
            f"{container.name} has never run: the attempt to start it left exit code {code}.",
            "It has no log, for no program ever ran. The Engine's own words are in its State, under Error.",
        )
    return (
        f"{container.name} is {container.state.status}, with exit code {code}.",
        "Its log says what it missed." if code else "What was its command, and does that one stay?",
    )


def _main(client: DockerClient, container: Container) -> str:
    return f"Its main program is: {command_line(client, container.id)[:80]}"


def _page(code: int) -> str:
    """Return the page of the stall that had this exit code: ``open-stall`` serves one of its own."""
    return setup.numbered_page() if code == 1 else setup.page()


def _serves(client: DockerClient, container: Container, page: str, patience: float = START_TIMEOUT) -> bool:
    """Tell whether the container's own port serves the page."""
    line = ["timeout", "3", "wget", "-q", "-O", "-", f"http://127.0.0.1:{setup.STALL_PORT}/"]

    def served() -> bool:
        outcome = run_helper(client, line, network=f"container:{container.id}")
        return outcome is not None and outcome.ok and page in outcome.output

    return eventually(served, patience)


def _outlives_its_server(client: DockerClient, container: Container, page: str) -> tuple[str, str]:
    """End the server, and return what is wrong if the container goes on; else it is started again.

    A server that is process 1 cannot be ended from inside, and needs no proof.
    """
    servers = listeners(client, container.id, setup.STALL_PORT)
    if 1 in servers:
        return "", ""
    if not servers:
        return (
            f"The page is there on port {setup.STALL_PORT}, but no process of {container.name}'s own serves it.",
            "Which container has the network that it uses?",
        )
    end_processes(client, container.id, servers)

    def ended() -> bool:
        now = facts.container(client, container.id)
        return now is None or not now.running or now.state.started_at != container.state.started_at

    if not eventually(ended, _PATIENCE):
        return (
            f"The check ended the server in {container.name}, and the container went on as if nothing had happened. "
            f"{_main(client, container)}",
            "The server itself has to stay in the foreground: then the Engine knows whether it lives.",
        )
    client.api.restart(container.id, timeout=0)  # even if a restart policy was faster: this one does not count
    if not _serves(client, container, page):
        return f"After a restart {container.name} does not serve its page.", "What does its main program start?"
    return "", ""


def _is_of(client: DockerClient, container: Container, wanted: Image) -> bool:
    """Tell whether a container stands on an image, or on one that was built on it."""
    image = facts.image(client, container.image)
    return image is not None and image.builds_on(wanted)
