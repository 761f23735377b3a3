"""Checks of Part 2 on what a container sees at a mount: an image's files, a directory of the student's machine."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from docker import DockerClient
from docker.types import Mount as AskedMount

from course import facts, run
from course.checks import criteria
from course.checks.answers import whole_number
from course.checks.check import Check, exercise
from course.checks.probing import answering_port, eventually
from course.facts import Container, Image
from course.facts.container import Mount
from course.facts.exec import exec_in, run_helper
from course.facts.filesystem import count_files, read_volume_file
from course.facts.http import fetch
from course.setups import part2 as setup

_TYPES: Final = {"volume": "a volume", "bind": "a directory of this machine", "tmpfs": "a tmpfs"}
_PATIENCE: Final = 10.0
"""Seconds in which a change has to be seen, or a reader to print."""


@exercise
def filled(check: Check) -> None:
    """Require a new volume that was filled from the image, and an empty directory that hid what the image has."""
    client, books = check.client, run.name("books")
    hint = "What do you write before the place in the container, a name or a path?"
    first = check.container("filled", "Both containers have to stay there after they have ended.")
    second = check.container("hidden", "Both containers have to stay there after they have ended.", demand="directory")
    image = check.image("shelf", "Run the set-up cell.")
    volume = _mounted(check, "volume", first, image, "volume", hint)
    in_volume, in_bind = (count_files(client, container.id, "/shelf") for container in (first, second))
    if volume is not None:
        check.require("volume", volume.source == books, f"{first.name} has another volume there than {books}.", hint)
        check.settle()
        with check.disturbing():
            book = read_volume_file(client, books, f"book-{setup.shelf_count()}") or b""
        check.require(
            "volume",
            volume.copies and in_volume == setup.shelf_count() and book.strip() == run.token().encode(),
            f"The volume holds {in_volume} files, and not just those of the image"
            + ("." if volume.copies else ": it was mounted with nocopy."),
            "Docker fills a volume that is empty when a container is made with it, unless an option forbids it.",
        )
        check.settle()
        _new(check, books, image)
    if _mounted(check, "directory", second, image, "bind", hint) is not None:
        check.require(
            "directory",
            lambda: _is_directory(client, second, "/shelf", setup.folder("bare")),
            f"{second.name} has another directory at /shelf than {setup.folder('bare')}: a file that the check wrote "
            "into that one cannot be seen.",
            "Compare the mount's source with the path that the set-up printed.",
            disturbs=True,
        )
        check.require(
            "directory",
            in_bind == 0,
            f"The directory is not empty: it holds {in_bind} files.",
            "The directory should stay empty.",
        )
    criteria.predicted(check, "volume-files", "bind-files")
    check.settle()
    check.require(
        "counted",
        lambda: (whole_number("in_volume"), whole_number("in_bind")) == (in_volume, in_bind),
        lambda: miscounted(whole_number("in_volume"), whole_number("in_bind"), (in_volume, in_bind)),
        "Let each container count for itself.",
    )


@exercise
def read_only(check: Check) -> None:
    """Require nginx to serve a directory of this machine, to see a change at once, and to have no right to write."""
    client, site = check.client, setup.folder("site")
    container = check.running("site", "Look at its log.")
    criteria.runs_course_image(check, "nginx", container, "nginx")
    criteria.on_loopback(check, "on-loopback", container)
    port = check.need(
        "serves",
        answering_port(container),
        f"{container.name} publishes no port at 127.0.0.1.",
        "Publish its port 80 at 127.0.0.1.",
    )
    reply = criteria.answers(check, "serves", port, "Compare the mount's source with the path that the set-up printed.")
    check.settle()
    mount = container.mount(setup.PAGES)
    check.require(
        "serves",
        lambda: sees_change(client, port, site),
        lambda: (
            f"The check put a file into {site} and changed it, and {container.name} did not serve it so. "
            + ("It serves the page as it is in a copy. " if setup.site_page() in reply.body else "")
            + f"At {setup.PAGES} it has {in_words(mount)}{f', {mount.source}' if mount and mount.source else ''}."
        ),
        "A copy is as old as the moment it was made. The container should see the directory itself.",
        seen="The check put a file into the directory and changed it, and the change was served at once.",
        disturbs=True,
    )
    check.settle()
    with check.disturbing():
        doors = doors_to(client, container, site)
    writable = [door.target for door in doors if door.writable]
    check.require(
        "read-only",
        bool(doors) and not writable,
        f"The container may write into the directory, at {', '.join(writable) or 'an unknown place'}: a program that "
        "is broken into could change your files.",
        "Inspect shows RW for each mount; it has to be false.",
    )


def doors_to(client: DockerClient, container: Container, directory: Path) -> list[Mount]:
    """Return the mounts of a container that show a directory of the student's, one that holds it, or something in it.

    Where a server looks for its pages can be changed, so all mounts are looked at.
    """
    return [door for door in container.mounts if _leads_to(client, container, door, directory)]


def writes_into(client: DockerClient, container: Container, directory: Path) -> bool:
    """Tell whether a program in a running container can make a file through a mount of the directory."""
    file = f"check-{secrets.token_hex(4)}"
    doors = doors_to(client, container, directory)
    places = [f"{door.target}/{below}{file}" for door in doors for below in ("", f"{directory.name}/")]
    written = [place for place in places if (outcome := exec_in(client, container.id, ["touch", place])) and outcome.ok]
    if written:
        exec_in(client, container.id, ["rm", "-f", *written])
    return bool(written)


def sees_change(client: DockerClient, port: int, directory: Path) -> bool:
    """Tell whether a file that is put into a directory of the student's, and then changed, is served so."""
    file, words = f"check-{secrets.token_hex(4)}.txt", [secrets.token_hex(8) for _ in range(2)]
    seen = []
    for word in words:
        _in_directory(client, directory, f"echo {word} > {file} && chmod 644 {file}")
        seen.append(eventually(lambda: word in fetch(port, f"/{file}").body, _PATIENCE))  # noqa: B023  used at once
        if not seen[-1]:
            break
    _in_directory(client, directory, f"rm -f {file}")
    return all(seen)


def miscounted(in_volume: int, in_bind: int, right: tuple[int | None, int | None]) -> str:
    """Return a sentence on two numbers of files that are not the right ones."""
    if (in_bind, in_volume) == right:
        return f"in_volume and in_bind are swapped: they are {in_volume} and {in_bind}."
    return f"in_volume is {in_volume} and in_bind is {in_bind}; in the containers it is otherwise."


def _in_directory(client: DockerClient, directory: Path, line: str) -> None:
    """Run a shell line in a directory of the student's.

    A throw-away container does it: the examiner itself may only read there.
    """
    mount = AskedMount("/folder", str(directory), type="bind")
    run_helper(client, ["sh", "-c", f"cd /folder && {line}"], mounts=[mount])


def _is_directory(client: DockerClient, container: Container, target: str, directory: Path) -> bool:
    """Tell whether a place in a container is this directory of the student's, or holds it."""
    file, word = f"check-{secrets.token_hex(4)}.txt", secrets.token_hex(8)
    _in_directory(client, directory, f"echo {word} > {file}")
    try:
        places = (f"{target}/{file}", f"{target}/{directory.name}/{file}")
        return any(word.encode() in (facts.read_file(client, container.id, place) or b"") for place in places)
    finally:
        _in_directory(client, directory, f"rm -f {file}")


def _leads_to(client: DockerClient, container: Container, mount: Mount, directory: Path) -> bool:
    """Tell whether a mount shows this directory of the student's, one that holds it, or something in it."""
    within = mount.type == "bind" and Path(mount.source).is_relative_to(directory)
    return within or _is_directory(client, container, mount.target, directory)


def _mounted(check: Check, demand: str, container: Container, image: Image, type: str, hint: str) -> Mount | None:
    """Require a container of the image with a mount of this type at the shelf; return that, or None."""
    mount = container.mount("/shelf")
    criteria.runs_on(check, demand, container, image, run.name("shelf"))
    right = check.require(
        demand,
        mount is not None and mount.type == type,
        f"{container.name} has {in_words(mount)} at /shelf; {_TYPES[type]} was asked for.",
        hint,
    )
    return mount if right else None


def _new(check: Check, volume: str, image: Image) -> None:
    """Require that the first container that had a volume was one of the image, with it at the shelf."""
    history = facts.history(check.client, "container", "volume")
    life = history.of(volume)
    begin = max((place for place, event in enumerate(life) if event.action == "destroy"), default=-1)
    mounts = [event.attributes for event in life[begin + 1 :] if event.action == "mount"]
    place = mounts[0].get("destination", "") if mounts else ""
    first = history.of(mounts[0].get("container", "")) if mounts else ()
    made_of = first[0].attributes.get("image", "") if first else ""
    check.require(
        "volume",
        lambda: history.happened(bool(mounts), volume) and place.rstrip("/") == "/shelf" and image.is_called(made_of),
        f"The volume was not new: a container of {made_of[:80]} had it before, at {place[:80]}.",
        "Use a volume that no container had before.",
    )


def in_words(mount: Mount | None) -> str:
    """Return what is mounted somewhere, for people."""
    return _TYPES.get(mount.type, mount.type) if mount else "nothing mounted"
