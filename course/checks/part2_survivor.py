"""The check of Part 2 on data that outlives its container."""

from __future__ import annotations

import io
import secrets
import tarfile
from typing import Any, Final

from docker import DockerClient
from docker.errors import APIError
from docker.types import Mount as AskedMount

from course import facts, run
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.part2_storage import in_words
from course.checks.probing import eventually, log_lines
from course.facts import Container, History
from course.facts.container import Mount
from course.facts.filesystem import read_volume_file
from course.facts.keyboard import type_lines
from course.facts.throwaway import throwaway
from course.setups import part2 as setup

_PRINT_TIMEOUT: Final = 10.0
"""Seconds in which a reader has to print."""
_CHANGED: Final = "import os; print(os.stat('/volume/diary.txt').st_ctime_ns)"


@exercise
def survivor(check: Check) -> None:
    """Require that what the writer left in the volume is there after its removal, for the reader and for the check."""
    client, volume = check.client, run.name("diary")
    line = setup.diary_line()
    with check.disturbing():
        content = read_volume_file(client, volume, "diary.txt")
    history = facts.history(client, "container", "volume")
    removed = _removed(history, run.name("writer"))
    targets = {
        event.attributes.get("container", ""): event.attributes.get("destination", "")
        for event in history.of(volume)
        if event.action == "mount"
    }
    check.require(
        "kept",
        content is not None and line.encode() in content,
        lambda: _not_kept(content, sorted({targets[id] for id in targets.keys() & removed.keys()})),
        "Only a volume with a name can be found again. What is written beside the mount goes with the container.",
    )
    check.settle()
    writer = facts.container(client, run.name("writer"))
    criteria.course_image(check, "writer", setup.PYTHON)
    with check.disturbing():
        written = _changed(client, volume)
    wrote = {id for id, gone in removed.items() if _born(history, id) <= written <= gone} & targets.keys()
    holder = _holder(history, volume, written)
    if holder:
        wrote &= {holder}
    check.require(
        "writer",
        lambda: writer is None and history.happened(bool(wrote), volume, *removed),
        lambda: _not_by_writer(writer, history, written, holder),
        "Which container wrote the line, and when? It has to be the one that has been removed.",
    )
    check.settle()
    reader = check.container("reader", "It has to stay there after it has ended.", demand="reader")
    mount = reader.mount("/data")
    check.require(
        "reader",
        mount is not None and mount.type == "volume" and mount.source == volume,
        lambda: _wrong_storage(mount, reader, volume),
        "Only a volume with a name can be found again, and both containers have to use that name.",
    )
    check.require(
        "reader",
        any(removed[id] < reader.created for id in wrote),
        "The reader was made while the writer still existed, so it does not show that the data outlives the writer.",
        "Compare the times of the events destroy (writer) and create (reader).",
    )
    check.settle()
    check.require(
        "printed",
        lambda: any(line in printed for printed in log_lines(client, reader.id)),
        "The reader's log does not hold the line.",
        "Look at the reader's log.",
    ) and check.require(
        "printed",
        lambda: _prints_what_is_there(client, reader),
        "The check ran the reader's command with another text in the file, and it did not print that text.",
        "What does the reader print, and where does it get that from?",
        seen="With another text in the file, the same command prints that text.",
        disturbs=True,
    )


def _not_kept(content: bytes | None, targets: list[str]) -> str:
    volume = run.name("diary")
    if content is not None:
        return f"diary.txt in the volume {volume} does not hold this run's line."
    where = f": the writer had it at {', '.join(targets)[:80]}" if targets and targets != ["/data"] else ""
    return f"There is no diary.txt in the volume {volume}{where}."


def _removed(history: History, name: str) -> dict[str, float]:
    """Return when the containers of this name were removed, by ID."""
    events = [event for id in history.called(name) for event in history.of(id)]
    return {event.id: event.time for event in events if event.action == "destroy"}


def _born(history: History, container: str) -> float:
    """Return when a container was made; far in the future if that is not known."""
    return next((event.time for event in history.of(container) if event.action == "create"), float("inf"))


def _holder(history: History, volume: str, time: float) -> str:
    """Return the container that could write into a volume at a time; of several, the one that got it last.

    Empty text if the record knows of none: copying into a container that does not run is not in it.
    """
    holders: list[str] = []
    for event in history.of(volume):
        container = event.attributes.get("container", "")
        if event.time > time:
            break
        if event.action == "mount" and event.attributes.get("read/write") != "false":
            holders.append(container)
        elif event.action == "unmount" and container in holders:
            holders.remove(container)
    return holders[-1] if holders else ""


def _changed(client: DockerClient, volume: str) -> float:
    """Return when the diary was last changed, in seconds since 1970; 0 if that cannot be seen."""
    mount = AskedMount("/volume", volume, read_only=True, no_copy=True)
    outcome = facts.run_once(client, setup.PYTHON, ["python", "-c", _CHANGED], mounts=[mount])
    text = outcome.output.strip() if outcome is not None else ""
    return int(text) / 1e9 if text.isdecimal() else 0.0


def _not_by_writer(writer: Container | None, history: History, written: float, holder: str) -> str:
    name = run.name("writer")
    if writer is not None:
        return f"{name} is {writer.state.status}, but not removed."
    if not history.called(name):
        return f"There was no container {name}."
    removed = _removed(history, name)
    if not removed:
        return f"{name} was not removed, but renamed."
    if written > max(removed.values()):
        return f"diary.txt was written after {name} was removed."
    if holder and holder not in removed:
        return f"When diary.txt was written, another container had the volume and had got it last: {holder[:12]}."
    return f"diary.txt was not written while {name} had the volume."


def _wrong_storage(mount: Mount | None, reader: Container, volume: str) -> str:
    if mount is None:
        others = ", ".join(each.target for each in reader.mounts)
        return f"The reader has nothing mounted at /data{f', but at {others}' if others else ''}."
    if mount.unnamed:
        return "The reader has a volume without a name at /data: no other container finds that one again."
    named = f" ({mount.source})" if mount.type == "volume" else ""
    return f"The reader has {in_words(mount)}{named} at /data; the volume {volume} was asked for."


def _prints_what_is_there(client: DockerClient, reader: Container) -> bool:
    """Tell whether a container like the reader prints another text if that is in the file.

    What was typed into a reader is not known any more. A shell prints the file if it is asked to.
    """
    word = secrets.token_hex(12)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo("diary.txt")
        entry.size = len(word) + 1
        archive.addfile(entry, io.BytesIO(f"{word}\n".encode()))
    others: dict[str, Any] = {"volumes_from": [reader.id]} if len(reader.mounts) > 1 else {}
    try:
        with throwaway(
            client,
            reader.image,
            reader.config.cmd,
            entrypoint=reader.config.entrypoint,
            environment=reader.config.env,
            user=reader.config.user,
            working_dir=reader.config.working_directory,
            stdin_open=reader.config.open_stdin,
            tty=reader.config.tty,
            mounts=[AskedMount("/data", None, no_copy=True)],
            **others,
        ) as twin:
            client.api.put_archive(twin, "/data", packed.getvalue())
            if reader.config.open_stdin:
                type_lines(client, twin, "cat /data/diary.txt", "sleep 0.3", "exit")
            else:
                client.api.start(twin)
            return eventually(lambda: any(word in line for line in log_lines(client, twin)), _PRINT_TIMEOUT)
    except APIError:
        return False
