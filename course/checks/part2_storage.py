"""Checks of Part 2 on storage. What a container mounts is read from the Engine, what is stored is read by the check."""

from __future__ import annotations

import re
import secrets

from docker import DockerClient

from course import facts, run
from course.checks.common import require_prediction, whole_number
from course.checks.probing import eventually, log_lines, loopback_port, running, steady
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts import Container, History
from course.facts.attached import Attached, Mount, attached
from course.facts.http import fetch
from course.facts.inside import count_files, exec_in, read_volume_file, write_into
from course.setups import part2 as setup

_UNNAMED = re.compile(r"[0-9a-f]{64}")


def survivor() -> Report:
    """Exercise 14: what the writer left in the volume is there after its removal, for the reader and for the check."""
    report = Report("A volume outlives its container")
    client, volume = connect(), run.name("diary")
    reader, uses = facts.container(client, run.name("reader")), attached(client, run.name("reader"))
    if reader is None or uses is None:
        return report.give_up(
            failed=f"There is no container {run.name('reader')}, running or ended.",
            hint="It has to stay there after it has ended, so that it can be looked at.",
        )
    mount = uses.at("/data")
    report.require(
        mount is not None and mount.kind == "volume" and mount.source == volume,
        passed=f"The reader has the volume {volume} at /data.",
        failed=_wrong_storage(mount, uses, volume),
        hint="A volume that is to be found again has a name, and both containers use that name.",
        essential=True,
    )
    history = facts.history(client, "container", "volume")
    writer = facts.container(client, run.name("writer"))
    ended = _removed(history, run.name("writer"))
    report.require(
        lambda: writer is None and history.happened(bool(ended)),
        passed="The writer was removed.",
        failed=_not_removed(writer, history),
        hint="A stopped container still exists, with its files.",
        essential=True,
    )
    report.require(
        lambda: history.happened(bool(ended)) and max(ended.values()) < reader.created,
        passed="The reader was made after that.",
        failed="The reader was made while the writer still existed; so it does not show that the data outlives it."
        if ended
        else "The writer has not been removed.",
        hint="Compare the times of the events destroy (writer) and create (reader).",
        essential=True,
    )
    places = {
        event.attributes.get("container", ""): event.attributes.get("destination", "")
        for event in history.of(volume)
        if event.action == "mount"
    }
    content = read_volume_file(client, volume, "diary.txt") or b""
    report.require(
        setup.diary_line().encode() in content,
        passed="The check found the line in the volume, with a container of its own.",
        failed=_not_in_volume(content, sorted({place for id, place in places.items() if id in ended})),
        hint="A program that writes beside the mount writes into its container's own layer, and that goes with it.",
        essential=True,
        weight=2,
    )
    report.require(
        lambda: history.happened(any(id in places for id in ended), volume, *ended),
        passed="The writer had the volume too.",
        failed="The writer never had this volume mounted.",
        hint="Who wrote the line? It has to be the container that is gone now.",
    )
    report.require(
        lambda: any(setup.diary_line() in line for line in log_lines(client, reader.id)),
        passed="The reader printed the line.",
        failed="The reader did not print the line.",
        hint="Look at the reader's log.",
    )
    return report


def filled() -> Report:
    """Exercise 15: a new volume was filled from the image, an empty directory hid what the image has."""
    report = Report("Filled or hidden")
    client = connect()
    ends = {what: attached(client, run.name(what)) for what in ("filled", "hidden")}
    missing = [run.name(what) for what, end in ends.items() if end is None]
    if missing:
        return report.give_up(
            failed=f"There is no container {' and no '.join(missing)}, running or ended.",
            hint="Both have to stay there after they have ended.",
        )
    mounts = {what: end.at("/shelf") if end else None for what, end in ends.items()}
    volume, bind = mounts["filled"], mounts["hidden"]
    report.require(
        volume is not None and volume.kind == "volume",
        passed="The first container has a volume at /shelf.",
        failed=f"The first container has {_told(volume)} at /shelf; expected was a volume.",
        hint="What stands before the place in the container, a name or a path?",
        essential=True,
    )
    report.require(
        bind is not None and bind.kind == "bind",
        passed="The second one has a directory of this machine there.",
        failed=f"The second container has {_told(bind)} at /shelf; expected was a directory of this machine.",
        hint="What stands before the place in the container, a name or a path?",
        essential=True,
    )
    found = {what: count_files(client, run.name(what), "/shelf") for what in ends}
    report.require(
        volume is not None and volume.copies and found["filled"] == setup.shelf_count(),
        passed=f"The new volume was filled: {found['filled']} files.",
        failed=f"The volume holds {found['filled']} files, so it was not filled from the image"
        + (": it was mounted with nocopy." if volume is not None and not volume.copies else "."),
        hint="Only a new, empty volume is filled, when the first container with it is made, and if nothing forbids it.",
        essential=True,
    )
    for question in ("volume-files", "bind-files"):
        require_prediction(report, question)
    report.require(
        lambda: (whole_number("in_volume"), whole_number("in_bind")) == (found["filled"], found["hidden"]),
        passed=f"in_volume and in_bind are right: {found['filled']} and {found['hidden']} files.",
        failed=_miscounted(found),
        hint="Let each container count for itself.",
        essential=True,
    )
    return report


def read_only() -> Report:
    """Exercise 16: nginx serves a directory of this machine, sees a change at once, and cannot write there."""
    report = Report("A directory, read-only")
    client, name = connect(), run.name("site")
    found, uses = running(client, name), attached(client, name)
    if found is None or uses is None:
        return report.give_up(failed=f"There is no container {name} that runs.", hint="Look at its log.")
    port = loopback_port(found)
    if port is None:
        return report.give_up(failed=f"{name} publishes no port.", hint="Publish its port 80 at 127.0.0.1.")
    mount = uses.at(setup.PAGES)
    reply = steady(port)
    served = setup.site_page() in reply.body
    report.require(
        mount is not None and mount.kind == "bind",
        passed=f"A directory of this machine is mounted at {setup.PAGES}.",
        failed=f"At {setup.PAGES} it has {_told(mount)}"
        + (": it serves a copy of the page, which no later change reaches." if served else "."),
        hint="A copy is as old as the moment it was made. The container is to see the directory itself.",
        essential=True,
    )
    if mount is None or mount.kind != "bind":
        return report
    report.require(
        served,
        passed="nginx serves the page that is in it, and again a moment later.",
        failed=f"nginx does not serve this run's page (status {reply.status}). Mounted is {mount.source}.",
        hint="Compare the mount's source with the path that the set-up printed.",
        essential=True,
    )
    if not served:  # then it is some other directory, and nothing of ours belongs into it
        return report
    report.require(
        not mount.writable,
        passed="The container cannot write there.",
        failed="The container may write there: a program that is broken into could change your files.",
        hint="Inspect shows RW for each mount; it has to be false.",
        essential=True,
    )
    report.require(
        lambda: sees_change(client, port, mount),
        passed="The check changed a file in the directory, and the change was served at once.",
        failed="The check changed a file in the directory, and the container did not see it.",
        hint="Is it the directory that is mounted, or one file of it?",
        essential=True,
        weight=2,
    )
    return report


def sees_change(client: DockerClient, port: int, mount: Mount) -> bool:
    """Tell whether a file that is put into the mounted directory, and then changed, is served so.

    It is written by a throw-away container: the examiner itself may only read the student's directory.
    """
    name, words = f"check-{secrets.token_hex(4)}.txt", [secrets.token_hex(8) for _ in range(2)]
    seen = []
    for word in words:
        write_into(client, mount.source, f"echo {word} > {name}")
        seen.append(eventually(lambda: word in fetch(port, f"/{name}").body, 2))  # noqa: B023  used at once
    write_into(client, mount.source, f"rm {name}")
    return all(seen)


def tmpfs() -> Report:
    """Exercise 17: a file system in memory, of the size that was asked for."""
    report = Report("Memory in the place of a disk")
    client, name = connect(), run.name("fast")
    found, uses = running(client, name), attached(client, name)
    if found is None or uses is None:
        return report.give_up(
            failed=f"There is no container {name} that runs.", hint="Give it a command that goes on running."
        )
    mount, wanted = uses.at("/scratch"), setup.scratch_megabytes()
    report.require(
        mount is not None and mount.kind == "tmpfs",
        passed="At /scratch it has a tmpfs: what is written there stays in memory.",
        failed=f"At /scratch it has {_told(mount)}, so what is written there goes to the disk.",
        hint="docker-py and the command have an option of their own for it, besides the one for mounts.",
        essential=True,
    )
    if mount is None or mount.kind != "tmpfs":
        return report
    report.require(
        mount.size is not None,
        passed="It has a size that it cannot exceed.",
        failed="It has no size: it may grow to half of this machine's memory.",
        hint="The size is an option of the tmpfs.",
        essential=True,
    )
    report.require(
        mount.size == wanted * setup.MEBIBYTE,
        passed=f"The size is {wanted} MiB.",
        failed=f"The size is {(mount.size or 0) / setup.MEBIBYTE:g} MiB; asked for were {wanted}.",
        hint="1 MiB is 1024 × 1024 bytes. A number without a unit means bytes.",
        essential=True,
    )
    report.require(
        lambda: holds(client, found, wanted - 1) and not holds(client, found, wanted + 1),
        passed=f"{wanted - 1} MiB fit into it, {wanted + 1} MiB do not.",
        failed=f"It does not hold {wanted - 1} MiB, or it holds {wanted + 1} MiB.",
        hint="Leave it empty, and write something into it yourself: when is it full?",
    )
    return report


def holds(client: DockerClient, found: Container, megabytes: int) -> bool:
    """Tell whether so many MiB can be written to ``/scratch`` of a running container; they are removed again."""
    file = f"/scratch/check-{secrets.token_hex(4)}"
    outcome = exec_in(
        client, found.id, ["dd", "if=/dev/zero", f"of={file}", "bs=1048576", f"count={megabytes}"]
    )
    exec_in(client, found.id, ["rm", "-f", file])
    return outcome is not None and outcome.exit_code == 0


def _told(mount: Mount | None) -> str:
    if mount is None:
        return "nothing mounted"
    kinds = {"volume": "a volume", "bind": "a directory of this machine", "tmpfs": "a tmpfs"}
    return kinds.get(mount.kind, mount.kind)


def _wrong_storage(mount: Mount | None, uses: Attached, volume: str) -> str:
    if mount is None:
        others = ", ".join(each.target for each in uses.mounts)
        return f"The reader has nothing mounted at /data{f', but at {others}' if others else ''}."
    if mount.kind == "volume" and _UNNAMED.fullmatch(mount.source):
        return "The reader has a volume without a name at /data: a new one for each container, so nobody else finds it."
    named = f" ({mount.source})" if mount.kind == "volume" else ""
    return f"The reader has {_told(mount)}{named} at /data; expected was the volume {volume}."


def _removed(history: History, name: str) -> dict[str, float]:
    """Return when the containers of this name were removed, by ID."""
    events = [event for id in history.called(name) for event in history.of(id)]
    return {event.id: event.time for event in events if event.action == "destroy"}


def _not_removed(writer: Container | None, history: History) -> str:
    name = run.name("writer")
    if writer is not None:
        return f"{name} is {writer.state}, but not removed."
    if not history.called(name):
        return f"The Engine remembers no container called {name}."
    return f"{name} was not removed, but renamed."


def _not_in_volume(content: bytes, places: list[str]) -> str:
    if content:
        return "diary.txt in the volume does not hold this run's line."
    if places and "/data" not in places:
        return (
            f"The volume has no diary.txt: the writer had it at {', '.join(places)[:80]}, and wrote to /data."
        )
    return "The volume has no diary.txt in it."


def _miscounted(found: dict[str, int | None]) -> str:
    try:
        given = whole_number("in_volume"), whole_number("in_bind")
    except NoAnswer as reason:
        return str(reason)
    if given == (found["hidden"], found["filled"]):
        return f"in_volume and in_bind are swapped: they are {given[0]} and {given[1]}."
    return f"in_volume is {given[0]} and in_bind is {given[1]}; in the containers it is otherwise."
