"""Checks of Part 2 on storage. What a container mounts is read from the Engine, what is stored is read by the check."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from docker import DockerClient
from docker.types import Mount as BindMount

from course import facts, run
from course.checks import criteria
from course.checks.answers import whole_number
from course.checks.check import Check, exercise
from course.checks.probing import answers_twice, eventually, log_lines
from course.facts import Container, History
from course.facts.container import Mount
from course.facts.exec import exec_in, run_helper
from course.facts.filesystem import count_files, read_volume_file
from course.facts.http import fetch
from course.setups import part2 as setup

_TYPES = {"volume": "a volume", "bind": "a directory of this machine", "tmpfs": "a tmpfs"}


@exercise
def survivor(check: Check) -> None:
    """Require that what the writer left in the volume is there after its removal, for the reader and for the check."""
    client, volume = check.client, run.name("diary")
    reader = check.container("reader", "It has to stay there after it has ended, so that it can be looked at.")
    mount = reader.mount("/data")
    check.gate(
        mount is not None and mount.type == "volume" and mount.source == volume,
        f"The reader has the volume {volume} at /data.",
        lambda: _wrong_storage(mount, reader, volume),
        "A volume that is to be found again has a name, and both containers use that name.",
    )
    history = facts.history(client, "container", "volume")
    writer = facts.container(client, run.name("writer"))
    removed = _removed(history, run.name("writer"))
    check.gate(
        lambda: writer is None and history.happened(bool(removed)),
        "The writer was removed.",
        lambda: _not_removed(writer, history),
        "A stopped container still exists, with its files.",
    )
    check.gate(
        lambda: history.happened(bool(removed)) and max(removed.values()) < reader.created,
        "The reader was made after that.",
        "The reader was made while the writer still existed; so it does not show that the data outlives it."
        if removed
        else "The writer has not been removed.",
        "Compare the times of the events destroy (writer) and create (reader).",
    )
    targets = {
        event.attributes.get("container", ""): event.attributes.get("destination", "")
        for event in history.of(volume)
        if event.action == "mount"
    }
    content = read_volume_file(client, volume, "diary.txt") or b""
    check.gate(
        setup.diary_line().encode() in content,
        "The check found the line in the volume, with a container of its own.",
        lambda: _not_in_volume(content, sorted({targets[id] for id in targets.keys() & removed.keys()})),
        "A program that writes beside the mount writes into its container's own layer, and that goes with it.",
        weight=2,
    )
    check.part(
        lambda: history.happened(bool(targets.keys() & removed.keys()), volume, *removed),
        "The writer had the volume too.",
        "The writer never had this volume mounted.",
        "Who wrote the line? It has to be the container that has been removed.",
    )
    check.part(
        lambda: any(setup.diary_line() in line for line in log_lines(client, reader.id)),
        "The reader printed the line.",
        "The reader did not print the line.",
        "Look at the reader's log.",
    )


@exercise
def filled(check: Check) -> None:
    """Require a new volume that was filled from the image, and an empty directory that hid what the image has."""
    first, second = (
        check.container(what, "Both have to stay there after they have ended.") for what in ("filled", "hidden")
    )
    hint = "What stands before the place in the container, a name or a path?"
    volume = _mounted(
        check,
        first,
        ("/shelf", "volume"),
        "The first container has a volume at /shelf.",
        lambda storage: f"The first container has {storage} at /shelf; expected: a volume.",
        hint,
    )
    _mounted(
        check,
        second,
        ("/shelf", "bind"),
        "The second one has a directory of this machine there.",
        lambda storage: f"The second container has {storage} at /shelf; expected: a directory of this machine.",
        hint,
    )
    in_volume, in_bind = (count_files(check.client, container.id, "/shelf") for container in (first, second))
    check.gate(
        volume.copies and in_volume == setup.shelf_count(),
        f"The new volume was filled: {in_volume} files.",
        f"The volume holds {in_volume} files, so it was not filled from the image"
        + ("." if volume.copies else ": it was mounted with nocopy."),
        "Only a new, empty volume is filled, when the first container with it is made, and if nothing forbids it.",
    )
    criteria.predicted(check, "volume-files", "bind-files")
    check.gate(
        lambda: (whole_number("in_volume"), whole_number("in_bind")) == (in_volume, in_bind),
        f"in_volume and in_bind are right: {in_volume} and {in_bind} files.",
        lambda: miscounted(whole_number("in_volume"), whole_number("in_bind"), (in_volume, in_bind)),
        "Let each container count for itself.",
    )


@exercise
def read_only(check: Check) -> None:
    """Require nginx to serve a directory of this machine, to see a change at once, and to have no right to write."""
    container = check.running("site", "Look at its log.")
    port = criteria.published_port(
        check, container, f"{container.name} publishes no port.", "Publish its port 80 at 127.0.0.1."
    )
    reply = answers_twice(port)
    served = setup.site_page() in reply.body
    mount = _mounted(
        check,
        container,
        (setup.PAGES, "bind"),
        f"A directory of this machine is mounted at {setup.PAGES}.",
        lambda storage: (
            f"At {setup.PAGES} it has {storage}"
            + (": it serves a copy of the page, which no later change reaches." if served else ".")
        ),
        "A copy is as old as the moment it was made. The container is to see the directory itself.",
    )
    check.gate(
        served,
        "nginx serves the page that is in it, and again a moment later.",
        f"nginx does not serve this run's page (status {reply.status}). Mounted is {mount.source}.",
        "Compare the mount's source with the path that the set-up printed.",
    )
    check.settle()  # it may be some other directory, and nothing of ours belongs into that
    check.gate(
        not mount.writable,
        "The container cannot write there.",
        "The container may write there: a program that is broken into could change your files.",
        "Inspect shows RW for each mount; it has to be false.",
    )
    check.gate(
        sees_change(check.client, port, mount.source),
        "The check changed a file in the directory, and the change was served at once.",
        "The check changed a file in the directory, and the container did not see it.",
        "Is it the directory that is mounted, or one file of it?",
        weight=2,
    )


def sees_change(client: DockerClient, port: int, directory: str) -> bool:
    """Tell whether a file that is put into the mounted directory, and then changed, is served so.

    It is written by a throw-away container: the examiner itself may only read the student's directory.
    """
    file, words = f"check-{secrets.token_hex(4)}.txt", [secrets.token_hex(8) for _ in range(2)]
    mount = BindMount("/folder", directory, type="bind")
    seen = []
    for word in words:
        run_helper(client, ["sh", "-c", f"echo {word} > /folder/{file}"], mounts=[mount])
        seen.append(eventually(lambda: word in fetch(port, f"/{file}").body, 2))  # noqa: B023  used at once
    run_helper(client, ["rm", f"/folder/{file}"], mounts=[mount])
    return all(seen)


@exercise
def tmpfs(check: Check) -> None:
    """Require a file system in memory, of the size that was asked for."""
    container = check.running("fast", "Give it a command that goes on running.")
    mount = _mounted(
        check,
        container,
        ("/scratch", "tmpfs"),
        "At /scratch it has a tmpfs: what is written there stays in memory.",
        lambda storage: f"At /scratch it has {storage}, so what is written there goes to the disk.",
        "docker-py and the command have an option of their own for it, besides the one for mounts.",
    )
    check.gate(
        mount.size is not None,
        "It has a size that it cannot exceed.",
        "It has no size: it may grow to half of this machine's memory.",
        "The size is an option of the tmpfs.",
    )
    check.settle()
    size, wanted = mount.size or 0, setup.scratch_megabytes()
    check.gate(
        size == wanted * setup.MEBIBYTE,
        f"The size is {wanted} MiB.",
        f"The size is {size / setup.MEBIBYTE:g} MiB; {wanted} MiB were asked for.",
        "1 MiB is 1024 × 1024 bytes. A number without a unit means bytes.",
    )
    check.part(
        lambda: holds(check.client, container, wanted - 1) and not holds(check.client, container, wanted + 1),
        f"{wanted - 1} MiB fit into it, {wanted + 1} MiB do not.",
        f"It does not hold {wanted - 1} MiB, or it holds {wanted + 1} MiB.",
        "Leave it empty, and write something into it yourself: when is it full?",
    )


def holds(client: DockerClient, container: Container, megabytes: int) -> bool:
    """Tell whether so many MiB can be written to ``/scratch`` of a running container; they are removed again."""
    file = f"/scratch/check-{secrets.token_hex(4)}"
    outcome = exec_in(client, container.id, ["dd", "if=/dev/zero", f"of={file}", "bs=1048576", f"count={megabytes}"])
    exec_in(client, container.id, ["rm", "-f", file])
    return outcome is not None and outcome.ok


def _mounted(
    check: Check,
    container: Container,
    wanted: tuple[str, str],
    passed: str,
    failed: Callable[[str], str],
    hint: str,
) -> Mount:
    """Return what the container has at a place, if it is of the type that is ``wanted`` there; else stop.

    ``failed`` makes the sentence from words for what is there.
    """
    target, type = wanted
    mount = container.mount(target)
    if mount is None or mount.type != type:
        check.stop(failed(_in_words(mount)), hint)
    check.gate(True, passed, "")
    return mount


def _in_words(mount: Mount | None) -> str:
    return _TYPES.get(mount.type, mount.type) if mount else "nothing mounted"


def _wrong_storage(mount: Mount | None, reader: Container, volume: str) -> str:
    if mount is None:
        others = ", ".join(each.target for each in reader.mounts)
        return f"The reader has nothing mounted at /data{f', but at {others}' if others else ''}."
    if mount.unnamed:
        return "The reader has a volume without a name at /data: no other container finds that one again."
    named = f" ({mount.source})" if mount.type == "volume" else ""
    return f"The reader has {_in_words(mount)}{named} at /data; expected: the volume {volume}."


def _removed(history: History, name: str) -> dict[str, float]:
    """Return when the containers of this name were removed, by ID."""
    events = [event for id in history.called(name) for event in history.of(id)]
    return {event.id: event.time for event in events if event.action == "destroy"}


def _not_removed(writer: Container | None, history: History) -> str:
    name = run.name("writer")
    if writer is not None:
        return f"{name} is {writer.state.status}, but not removed."
    if not history.called(name):
        return f"The Engine remembers no container called {name}."
    return f"{name} was not removed, but renamed."


def _not_in_volume(content: bytes, targets: list[str]) -> str:
    if content:
        return "diary.txt in the volume does not hold this run's line."
    if targets and "/data" not in targets:
        return f"The volume has no diary.txt: the writer had it at {', '.join(targets)[:80]}, and wrote to /data."
    return "The volume has no diary.txt in it."


def miscounted(in_volume: int, in_bind: int, right: tuple[int | None, int | None]) -> str:
    """Return a sentence on two numbers of files that are not the right ones."""
    if (in_bind, in_volume) == right:
        return f"in_volume and in_bind are swapped: they are {in_volume} and {in_bind}."
    return f"in_volume is {in_volume} and in_bind is {in_bind}; in the containers it is otherwise."
