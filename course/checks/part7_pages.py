"""The check of Part 7 on a directory of the student's that a container fills: whose are the new files?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, NamedTuple

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.part7_archive import Look, looking_into, runs, state
from course.checks.probing import eventually, still_running, stops_while_paused
from course.facts import Container
from course.setups import part7_files as setup

_PAGE_TIMEOUT: Final = 10.0
"""Seconds in which a new page has to come; the press makes one in less than a second."""
_PAUSE: Final = 2.0
"""Seconds in which none must come while the press is paused."""


class Owner(NamedTuple):
    """To whom a file belongs, by number."""

    user: int
    group: int


@exercise
def bind_owner(check: Check) -> None:
    """Require that the press puts pages into the student's directory, and that they belong to the student."""
    client, name, place = check.client, run.name("press"), setup.pages()
    press = check.need(
        "writes",
        still_running(client, name),
        lambda: f"The container {name} {state(facts.container(client, name))}.",
        "Its log says what it could not do, and as which user.",
    )
    if not place.is_dir():
        check.stop("writes", f"There is no directory {place}.", "The set-up cell makes it again.")
    criteria.runs_given_image(check, "image", press, "press", setup.press_files())
    with check.disturbing(), looking_into(client, str(place), mode="rw") as look:
        owner = new_page(client, press, look)
        folder, mode = _owner(look, ""), look("stat", "-c", "%a", "/volume").strip()
    mount = press.mount(setup.PAGES)
    owner = check.need(
        "writes",
        owner,
        f"New pages have to come into {place} while {name} runs, and only then; they do not. "
        f"At {setup.PAGES} it has {mount.source if mount else 'nothing mounted'}.",
        "Compare the mount's source with the path that the set-up printed.",
    )
    check.require("writes", True, "", seen="Pages came, none while the check paused the container, and then again.")
    folder = check.need("owner", folder, f"The check could not look into {place}.")
    check.require(
        "owner",
        _still_the_students(place),
        f"The directory {place} was given to user {folder.user}.",
        "Leave the directory as it is. As whom should the program run?",
    )
    check.require(
        "owner",
        owner.user == folder.user,
        f"A new page belongs to user {owner.user}, the directory to user {folder.user}.",
        "A file belongs to the user whose program makes it.",
        seen=f"A new page belongs to user {owner.user}, as the directory does.",
    )
    check.settle()
    check.require(
        "owner",
        lambda: folder.user == 0 or not _root_writes(client, press, place),
        "The check let only root write into the directory for a moment, and pages still came: root makes them, and "
        "they are given away afterwards.",
        "As whom does the program itself run?",
        disturbs=True,
    )
    check.require(
        "group",
        owner.group == folder.group,
        f"A new page belongs to group {owner.group}, the directory to group {folder.group}.",
        "A user's number can have a group's number beside it.",
    )
    check.require(
        "closed",
        not int(mode or "777", 8) & 0o002,
        f"Every user of this machine may write into {place}: its mode is {mode}.",
        "The directory was right. Whose should the files be?",
    )


def same_after_restart(client: DockerClient) -> bool:
    """Tell whether new pages belong to whom the directory belongs once the container was restarted."""
    client.api.restart(run.name("press"), timeout=1)
    press = facts.container(client, run.name("press"))
    with looking_into(client, str(setup.pages())) as look:
        owner, folder = new_page(client, press, look) if press else None, _owner(look, "")
    return owner is not None and folder is not None and owner.user == folder.user


def new_page(client: DockerClient, press: Container, look: Look) -> Owner | None:
    """Return whose the next page is; None if none comes, or if one comes while this container is paused."""
    if _next(look, _PAGE_TIMEOUT) is None:
        return None
    stands = stops_while_paused(client, press.id, lambda: _next(look, _PAUSE) is not None)
    return _next(look, _PAGE_TIMEOUT) if stands else None


def _next(look: Look, seconds: float) -> Owner | None:
    """Return whose the next new file in the directory is; None if there is none in time."""
    before = set(look("ls", "/volume").split())
    owners: list[Owner] = []

    def came() -> bool:
        for name in set(look("ls", "/volume").split()) - before:
            owners.extend(filter(None, [_owner(look, name)]))
        return bool(owners)

    return owners[0] if before and eventually(came, seconds) else None  # the file of the set-up is always there


def _owner(look: Look, name: str) -> Owner | None:
    user, _, group = look("stat", "-c", "%u:%g", f"/volume/{name}").strip().partition(":")
    return Owner(int(user), int(group)) if user.isdigit() and group.isdigit() else None


def _still_the_students(place: Path) -> bool:
    """Tell whether the directory belongs to whoever runs this, or in grading to whom the notebook's directory does."""
    return place.stat().st_uid in (os.getuid(), place.parent.stat().st_uid)


def _root_writes(client: DockerClient, press: Container, place: Path) -> bool:
    """Give the directory to root alone for a moment, and tell whether pages come all the same.

    A program that is not root fails then, and ends; the container is started again.
    """
    with looking_into(client, str(place), mode="rw") as look:
        before = look("stat", "-c", "%u:%g %a", "/volume").split()
        if len(before) != 2:
            return False
        try:
            look("chown", "0:0", "/volume")
            look("chmod", "700", "/volume")
            _next(look, 0)  # what was being made when the directory was closed
            return _next(look, 2 * _PAUSE) is not None
        finally:
            look("chown", before[0], "/volume")
            look("chmod", before[1], "/volume")
            if not runs(client, press):
                client.api.start(press.id)
