"""Checks of Part 7 on what a container may not write, and on whom it does not find."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from docker import DockerClient
from docker.errors import APIError

from course import facts, run
from course.checks.part2_names import move, resolves
from course.checks.part7_start import undisturbed
from course.checks.probing import PATIENCE, engine_time, eventually, log_lines, running
from course.checks.report import Report
from course.engine import connect
from course.facts import Container
from course.facts.attached import Attached, attached
from course.facts.inside import exec_in, helper, read_volume_file
from course.facts.processes import processes
from course.setups import part7_faults as setup

_DEFAULT = frozenset({"bridge", "host", "none"})


def permission() -> Report:
    """Exercise 46: the scribe writes into the archive that was there, as a user who is not root; others may not."""
    report = Report("Permission denied")
    client, name, archive = connect(), run.name("scribe"), run.name("archive")
    found, uses = running(client, name), attached(client, name)
    if found is None or uses is None:
        gone = facts.container(client, name)
        state = f"is {gone.state}, with exit code {gone.exit_code}" if gone is not None else "is not there"
        return report.give_up(
            failed=f"The container {name} {state}; it should run.",
            hint="Its log says what it could not do, and who it is.",
        )
    mount = uses.at(setup.ARCHIVE)
    report.require(
        mount is not None and mount.source == archive,
        passed=f"It has the volume {archive} at {setup.ARCHIVE}.",
        failed=f"At {setup.ARCHIVE} it has {mount.source[:40] if mount and mount.source else 'no volume'}; "
        f"expected was the volume {archive}.",
        hint="Another place to write is no repair: the archive is to grow.",
        essential=True,
        weight=0,
    )
    report.require(
        setup.first_entry().encode() in (read_volume_file(client, archive, "entries") or b""),
        passed="What was in the archive is still there.",
        failed="The first entry is no longer in the archive.",
        hint="The volume and what is in it were to stay. (The set-up can be run again.)",
        essential=True,
        weight=0,
    )
    if report.share() == 0 and any(not finding.passed for finding in report.findings):
        return report
    report.require(
        not any(process.is_root for process in _writers(client, found)),
        passed="It writes as a user who is not root.",
        failed="It writes as root, who may do everything: whoever breaks into the program may as well.",
        hint="The program's user is right. What belongs to whom in the volume?",
        essential=True,
    )
    open_to = [path for path, mode in modes(client, archive).items() if mode & 0o002]
    report.require(
        not open_to,
        passed="Only those may write there to whom it belongs.",
        failed=f"Everybody may write there now: {', '.join(open_to)} in the volume has a mode such as 777 or 666.",
        hint="A mode that lets everybody in cures the symptom. Whose should the files be?",
        essential=True,
    )
    report.require(
        lambda: writes(client, found, archive),
        passed="The archive grows, it stands still while the check pauses the scribe, and it grows again after that.",
        failed="The archive does not grow as it should: it has to grow while the scribe runs, and only then.",
        hint="Look at the end of the file entries, twice. Which container writes there?",
        essential=True,
        weight=2,
    )
    return report


def modes(client: DockerClient, volume: str) -> dict[str, int]:
    """Return the permissions of the volume's directory and of its entries file, by path."""
    with _looking_into(client, volume) as look:
        rows = [
            line.split(" ", 1)
            for line in look("stat", "-c", "%a %n", "/volume", "/volume/entries").splitlines()
        ]
    return {path.removeprefix("/volume") or "/": int(mode, 8) for mode, path in rows}


def writes(client: DockerClient, found: Container, volume: str) -> bool:
    """Tell whether it is this container that makes the entries grow: while it is paused, they must not."""
    with _looking_into(client, volume) as look:

        def size() -> str:
            sizes = (look("stat", "-c", "%s", "/volume/entries") for _ in range(3))
            return next(filter(None, sizes), "")  # a busy Engine may lose one answer, hardly three

        def grows(seconds: float) -> bool:
            before = size()
            return bool(before) and eventually(lambda: size() not in ("", before), seconds)

        if not grows(PATIENCE):
            return False
        try:
            client.api.pause(found.id)
        except APIError:
            return False
        try:
            time.sleep(0.2)
            stands = not grows(0.8)
        finally:
            client.api.unpause(found.id)
        return stands and grows(PATIENCE)


@contextlib.contextmanager
def _looking_into(client: DockerClient, volume: str) -> Iterator[Callable[..., str]]:
    """Yield a function that runs a command in a throw-away container with the volume, and returns what it wrote."""
    with helper(client, binds=[f"{volume}:/volume:ro"]) as made:
        if made is not None:
            client.api.start(made)

        def look(*command: str) -> str:
            # The Engine may lose what a command writes that ends at once, on a busy machine.
            line = ["sh", "-c", '"$@"; code=$?; sleep 0.2; exit $code', "sh", *command]
            outcome = exec_in(client, made, line) if made is not None else None
            return outcome.output if outcome is not None and outcome.exit_code == 0 else ""

        yield look


def _writers(client: DockerClient, found: Container) -> list[facts.processes.Process]:
    """Return the processes that write: those of the planted program, else all."""
    all_of_them = processes(client, found.id)
    named = [process for process in all_of_them if process.name == setup.WRITER]
    return named or list(all_of_them)


def unresolved() -> Report:
    """Exercise 47: both are on one network, the asker finds the stock by name, and the stock was left in peace."""
    report = Report("A name that nobody knows")
    client = connect()
    names = run.name("stock"), run.name("asker")
    wishes = attached(client, names[1])
    if wishes is not None and wishes.network_mode == "host":
        return report.give_up(
            failed=f"{names[1]} uses the host's network: there the names of containers are not known at all.",
            hint="Which networks are there, and who is on which?",
        )
    stock, asker = (running(client, name) for name in names)
    if stock is None or asker is None:
        return report.give_up(
            failed=f"There is no container {names[0] if stock is None else names[1]} that runs.",
            hint="Look at the list of all containers, and at what the Engine said. "
            "(The host's network is no way out, and refused in many places.)",
        )
    report.require(
        lambda: undisturbed(client, stock) and stock.created < asker.created,
        passed=f"{names[0]} runs on undisturbed.",
        failed=f"{names[0]} was stopped or made anew; others use it meanwhile.",
        hint="A container can join a network while it runs. (The set-up can be run again.)",
        essential=True,
        weight=0,
    )
    ends = [end for end in (attached(client, name) for name in names) if end is not None]
    shared = sorted(set.intersection(*(set(end.networks) for end in ends)) - _DEFAULT)
    hosts = ends[1].extra_hosts + ends[1].links
    report.require(
        not hosts,
        passed="No name was written into the container by hand.",
        failed=f"The name was written into {names[1]} by hand ({', '.join(hosts)}). That is right until the address "
        "changes.",
        hint="The Engine's name service answers for all who are on one network.",
        essential=True,
    )
    if not shared:
        return report.give_up(
            failed="They have no network of their own in common: "
            + "; ".join(
                f"{name} is on {', '.join(end.networks)}" for name, end in zip(names, ends, strict=True)
            )
            + ".",
            hint="A container may be on several networks.",
        )
    report.require(
        lambda: calls(client, stock, names[1]),
        passed=f"{names[1]} asks {names[0]} again and again, and is heard.",
        failed=f"{names[0]} gets no requests from {names[1]}.",
        hint=f"What does the log of {names[1]} say, and which name does it ask for?",
        essential=True,
    )
    moved = all(move(client, network, names[0]) for network in shared)
    report.require(
        lambda: moved and calls(client, stock, names[1]),
        passed="The check gave the stock another address, and it was found there as well.",
        failed=f"The check gave {names[0]} another address, and {names[1]} did not find it any more: it asks an "
        "address, not a name.",
        hint="What stays the same when an address changes?",
        essential=True,
        weight=2,
    )
    return report


def calls(client: DockerClient, stock: Container, asker: str) -> bool:
    """Tell whether new requests from one of the asker's addresses turn up in the stock's log."""
    begun = engine_time(client)

    def heard() -> bool:
        end: Attached | None = attached(client, asker)
        known = {address for address in end.networks.values() if address} if end is not None else set()
        return sum(line.split(" ")[0] in known for line in log_lines(client, stock.id, begun)) > 1

    return eventually(heard, 6)


def third_finds(client: DockerClient) -> bool:
    """Tell whether a third container on a network of both finds the stock by its name."""
    ends = [attached(client, run.name(what)) for what in ("stock", "asker")]
    shared = set.intersection(*(set(end.networks) if end else set() for end in ends)) - _DEFAULT
    return any(resolves(client, network, run.name("stock")) for network in sorted(shared))
