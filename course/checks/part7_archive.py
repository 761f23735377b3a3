"""The check of Part 7 on an archive in which a container may not write."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Final

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.probing import eventually, still_running, stops_while_paused
from course.facts import Container
from course.facts.exec import HELPER, exec_slowly
from course.facts.filesystem import read_volume_file
from course.facts.processes import processes
from course.facts.throwaway import throwaway
from course.setups import part7_files as setup

_GROWTH_TIMEOUT: Final = 10.0
"""Seconds in which the archive has to grow; the scribe writes three times a second."""
_PAUSE: Final = 1.5
"""Seconds in which it must not grow while the scribe is paused."""
Look = Callable[..., str]


@exercise
def permission(check: Check) -> None:
    """Require that the scribe writes into the archive as a user who is not root, and that others may not."""
    client, name, archive = check.client, run.name("scribe"), run.name("archive")
    scribe = check.need(
        "writes",
        still_running(client, name),
        lambda: f"The container {name} {state(facts.container(client, name))}.",
        "Its log says what it could not do, and who it is.",
    )
    criteria.runs_given_image(check, "image", scribe, "scribe", setup.scribe_files())
    with check.disturbing():
        content = read_volume_file(client, archive, "entries") or b""
    check.require(
        "kept",
        setup.first_entry().encode() in content,
        "The first entry is no longer in the archive.",
        "The volume and what is in it were to stay. (The set-up can be run again.)",
    )
    mount = scribe.mount(setup.ARCHIVE)
    there = f" At {setup.ARCHIVE} it has {mount.source[:40] if mount and mount.source else 'no volume'}."
    check.require(
        "writes",
        lambda: writes(client, scribe, archive),
        f"The file entries in {archive} has to grow while {name} runs, and only then; it does not.{there}",
        "Look at the end of the file, twice. Which container writes there?",
        seen="The file grew, stood still while the check paused the container, and grew again after that.",
        disturbs=True,
    )
    check.settle()
    with check.disturbing():
        open_to_all = [path for path, mode in modes(client, archive).items() if mode & 0o002]
    check.require(
        "closed",
        not open_to_all,
        f"Everybody may write there now: {', '.join(open_to_all)} in the volume has a mode such as 777 or 666.",
        "A mode that lets everybody in cures the symptom. Whose should the files be?",
    )
    with check.disturbing():
        as_root = any(process.is_root for process in processes(client, scribe.id))
    check.require(
        "not-root",
        lambda: not as_root or not _writes_where_only_root_may(client, scribe, archive),
        "The check let only root write into the archive for a moment, and the file still grew: root writes.",
        "The program's user is right. What belongs to whom in the volume?",
        disturbs=True,
    )


def modes(client: DockerClient, volume: str) -> dict[str, int]:
    """Return the permissions of the volume's directory and of its entries file, by path."""
    with looking_into(client, volume) as look:
        output = look("stat", "-c", "%a %n", "/volume", "/volume/entries")
    rows = [line.split(" ", 1) for line in output.splitlines()]
    return {path.removeprefix("/volume") or "/": int(mode, 8) for mode, path in rows}


def writes(client: DockerClient, scribe: Container, volume: str) -> bool:
    """Tell whether it is this container that makes the entries grow: while it is paused, they must not."""
    with looking_into(client, volume) as look:
        return (
            _grows(look, _GROWTH_TIMEOUT)
            and stops_while_paused(client, scribe.id, lambda: _grows(look, _PAUSE))
            and _grows(look, _GROWTH_TIMEOUT)
        )


def _writes_where_only_root_may(client: DockerClient, scribe: Container, volume: str) -> bool:
    """Give the archive to root alone for a moment, and tell whether it grows all the same.

    A program that is not root fails then, and may end; the container is started again.
    """
    with looking_into(client, volume, mode="rw") as look:
        before = look("stat", "-c", "%u:%g %a %n", "/volume", "/volume/entries").splitlines()
        if len(before) != 2:
            return False
        try:
            look("chown", "0:0", "/volume", "/volume/entries")
            look("chmod", "600", "/volume/entries")
            look("chmod", "700", "/volume")

            def over() -> bool:
                return not runs(client, scribe) or _grows(look, 0)

            return eventually(over, _GROWTH_TIMEOUT) and runs(client, scribe)
        finally:
            for owner, mode, path in (line.split(" ", 2) for line in before):
                look("chown", owner, path)
                look("chmod", mode, path)
            if not runs(client, scribe):
                client.api.start(scribe.id)


def runs(client: DockerClient, container: Container) -> bool:
    """Tell whether a container runs now."""
    now = facts.container(client, container.id)
    return now is not None and now.running


def _size(look: Look) -> str:
    sizes = (look("stat", "-c", "%s", "/volume/entries") for _ in range(3))
    return next(filter(None, sizes), "")  # a busy Engine may lose one answer, hardly three


def _grows(look: Look, seconds: float) -> bool:
    before = _size(look)
    return bool(before) and eventually(lambda: _size(look) not in ("", before), seconds)


@contextlib.contextmanager
def looking_into(client: DockerClient, volume: str, mode: str = "ro") -> Iterator[Look]:
    """Yield a function that runs a command in a throw-away container, and returns what it wrote.

    The container has the volume, or directory of this machine, at ``/volume``.
    """
    with throwaway(client, HELPER, ["sleep", "300"], binds=[f"{volume}:/volume:{mode}"]) as container:
        client.api.start(container)

        def look(*command: str) -> str:
            outcome = exec_slowly(client, container, command)
            return outcome.output if outcome is not None and outcome.ok else ""

        yield look


def state(scribe: Container | None) -> str:
    """Return what a container does that should run, as the end of a sentence."""
    if scribe is None:
        return "is not there"
    return f"does not run: it is {scribe.state.status}, exit code {scribe.state.exit_code}"
