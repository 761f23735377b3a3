"""Checks of Part 7 on what a container may not write, and on whom it does not find."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from docker import DockerClient
from docker.errors import APIError

from course import facts, run
from course.checks import criteria
from course.checks.addresses import resolves, shared_networks
from course.checks.check import Check, exercise
from course.checks.lifecycle import undisturbed
from course.checks.probing import START_TIMEOUT, eventually, still_running
from course.facts import Container
from course.facts.exec import HELPER, exec_slowly
from course.facts.filesystem import read_volume_file
from course.facts.processes import processes
from course.facts.throwaway import throwaway
from course.setups import part7_faults as setup


@exercise
def permission(check: Check) -> None:
    """Require that the scribe writes into the archive as a user who is not root, and that others may not."""
    client, name, archive = check.client, run.name("scribe"), run.name("archive")
    scribe = check.need(
        still_running(client, name),
        lambda: f"The container {name} {_state(facts.container(client, name))}; it should run.",
        "Its log says what it could not do, and who it is.",
    )
    mount = scribe.mount(setup.ARCHIVE)
    check.gate(
        mount is not None and mount.source == archive,
        f"It has the volume {archive} at {setup.ARCHIVE}.",
        f"At {setup.ARCHIVE} it has {mount.source[:40] if mount and mount.source else 'no volume'}; "
        f"it should have the volume {archive}.",
        "Another place to write is no repair: the archive is to grow.",
        weight=0,
    )
    check.gate(
        setup.first_entry().encode() in (read_volume_file(client, archive, "entries") or b""),
        "What was in the archive is still there.",
        "The first entry is no longer in the archive.",
        "The volume and what is in it were to stay. (The set-up can be run again.)",
        weight=0,
    )
    check.settle()
    running = processes(client, scribe.id)
    writers = [process for process in running if process.name == setup.WRITER] or running
    check.gate(
        not any(process.is_root for process in writers),
        "It writes as a user who is not root.",
        "It writes as root, who may do everything: whoever breaks into the program may as well.",
        "The program's user is right. What belongs to whom in the volume?",
    )
    open_to_all = [path for path, mode in modes(client, archive).items() if mode & 0o002]
    check.gate(
        not open_to_all,
        "Only those may write there to whom it belongs.",
        f"Everybody may write there now: {', '.join(open_to_all)} in the volume has a mode such as 777 or 666.",
        "A mode that lets everybody in cures the symptom. Whose should the files be?",
    )
    check.gate(
        lambda: writes(client, scribe, archive),
        "The archive grows, it stands still while the check pauses the scribe, and it grows again after that.",
        "The archive does not grow as it should: it has to grow while the scribe runs, and only then.",
        "Look at the end of the file entries, twice. Which container writes there?",
        weight=2,
    )


def modes(client: DockerClient, volume: str) -> dict[str, int]:
    """Return the permissions of the volume's directory and of its entries file, by path."""
    with _looking_into(client, volume) as look:
        output = look("stat", "-c", "%a %n", "/volume", "/volume/entries")
    rows = [line.split(" ", 1) for line in output.splitlines()]
    return {path.removeprefix("/volume") or "/": int(mode, 8) for mode, path in rows}


def writes(client: DockerClient, scribe: Container, volume: str) -> bool:
    """Tell whether it is this container that makes the entries grow: while it is paused, they must not."""
    with _looking_into(client, volume) as look:

        def size() -> str:
            sizes = (look("stat", "-c", "%s", "/volume/entries") for _ in range(3))
            return next(filter(None, sizes), "")  # a busy Engine may lose one answer, hardly three

        def grows(seconds: float) -> bool:
            before = size()
            return bool(before) and eventually(lambda: size() not in ("", before), seconds)

        if not grows(START_TIMEOUT):
            return False
        try:
            client.api.pause(scribe.id)
        except APIError:
            return False
        try:
            time.sleep(0.2)
            stands = not grows(0.8)
        finally:
            client.api.unpause(scribe.id)
        return stands and grows(START_TIMEOUT)


@contextlib.contextmanager
def _looking_into(client: DockerClient, volume: str) -> Iterator[Callable[..., str]]:
    """Yield a function that runs a command in a throw-away container with the volume, and returns what it wrote."""
    with throwaway(client, HELPER, ["sleep", "60"], binds=[f"{volume}:/volume:ro"]) as container:
        client.api.start(container)

        def look(*command: str) -> str:
            outcome = exec_slowly(client, container, command)
            return outcome.output if outcome is not None and outcome.ok else ""

        yield look


def _state(scribe: Container | None) -> str:
    if scribe is None:
        return "is not there"
    return f"is {scribe.state.status}, with exit code {scribe.state.exit_code}"


@exercise
def unresolved(check: Check) -> None:
    """Require that both are on one network, that the asker finds the stock by name, and the stock was left alone."""
    client, name = check.client, run.name("asker")
    asker = facts.container(client, name)
    if asker is not None and asker.host_config.network_mode == "host":
        check.stop(
            f"{name} uses the host's network: there the names of containers are not known at all.",
            "Which networks are there, and who is on which?",
        )
    stock, asker = (
        check.running(
            what,
            "Look at the list of all containers, and at what the Engine said. "
            "(The host's network is no way out, and refused in many places.)",
        )
        for what in ("stock", "asker")
    )
    check.gate(
        lambda: undisturbed(client, stock) and stock.created < asker.created,
        f"{stock.name} runs on undisturbed.",
        f"{stock.name} was stopped or replaced; others use it meanwhile.",
        "A container can join a network while it runs. (The set-up can be run again.)",
        weight=0,
    )
    criteria.no_names_by_hand(check, "The Engine's name service answers for all who are on one network.", asker)
    networks = shared_networks(stock, asker)
    if not networks:
        check.stop(
            "They have no network of their own in common: "
            + "; ".join(f"{one.name} is on {', '.join(one.networks)}" for one in (stock, asker))
            + ".",
            "A container may be on several networks.",
        )
    criteria.finds_by_name(check, stock, asker, *networks, weight=2)


def third_finds(client: DockerClient) -> bool:
    """Tell whether a third container on a network of both finds the stock by its name."""
    stock, asker = (facts.container(client, run.name(what)) for what in ("stock", "asker"))
    return (
        stock is not None
        and asker is not None
        and any(resolves(client, network, stock.name) for network in shared_networks(stock, asker))
    )
