"""The check of Part 4 on taking a project down: what the volume went through is read from events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from course import facts, run
from course.checks import criteria
from course.checks.answers import read_now, whole_number
from course.checks.check import Check, exercise
from course.checks.compose_projects import need_services, stop_if_untouched
from course.facts import History
from course.facts.compose import LABEL
from course.facts.container import Mount
from course.facts.filesystem import read_volume_file, volume_exists
from course.setups import part4 as setup

PLACE: Final = "/pages"
_COUNTS: Final = "cat /pages/notes 2> /dev/null | wc -l"
"""What the lesson's `notes_lines` runs: it writes nothing."""
_TOUCHES: Final = frozenset({"exec_create", "extract-to-dir", "archive-path"})
"""What the Engine reports when somebody runs a command in a container, or copies something in or out."""


@dataclass
class Life:
    """What happened while a volume existed."""

    starts: int = 0
    """How often the project came up: how often a container of the service was made where there was none."""
    touched: list[list[str]] = field(default_factory=lambda: [[]])
    """Commands, copies and other containers that could write or read there, for each time that it was up."""

    @property
    def kept(self) -> bool:
        """Whether the project went down and came up again with it."""
        return self.starts > 1

    @property
    def written(self) -> bool:
        """Whether something could have written there before the last time that the project came up."""
        return any(_COUNTS not in one for several in self.touched[:-1] for one in several)

    @property
    def read(self) -> bool:
        """Whether somebody looked into it after the project had come up again."""
        return any(self.touched[1:])


@exercise
def down(check: Check) -> None:
    """Require that the volume outlived one down, and not the other one, and that both were measured in this order."""
    after_down, after_volumes = (read_now(name, whole_number) for name in ("after_down", "after_volumes"))
    writer = need_services(check, "volume", "pages", "writer")["writer"]
    stop_if_untouched(check, "volume", "pages", writer, setup.PAGES)
    mount = writer.container.mount(PLACE)
    check.require(
        "volume",
        mount is not None
        and mount.type == "volume"
        and not mount.unnamed
        and volume_exists(check.client, mount.source),
        f"At {PLACE} the service has {_described(mount)}.",
        "A named volume is listed twice: at the service, and under volumes at the end of the file.",
    )
    check.settle()
    criteria.predicted(check, "lines-after-down", "lines-after-down-volumes")
    volume = mount.source if mount is not None else ""
    history = facts.history(check.client, "container", "volume")
    lives = lives_of(history, volume)
    past, now = [life for life in lives[:-1] if life.kept], lives[-1]
    check.require(
        "kept",
        lambda: history.happened(any(life.kept and life.written for life in lives), volume, since=run.began()),
        lambda: _not_kept(lives),
        "The Engine's events tell when the volume and the containers were removed, and what was run in them.",
    )
    check.settle()
    with check.disturbing():
        rest = read_volume_file(check.client, volume, "notes")
    check.require(
        "new",
        lambda: history.happened(bool(past) and now.starts > 0, volume, since=run.began()) and not rest,
        lambda: _not_new(lives),
        "Which of the two downs was the last one?",
    )
    check.settle()
    check.require(
        "counted",
        lambda: (after_down(), after_volumes()) == (setup.pages_count(), 0) and any(life.read for life in past),
        lambda: _miscounted(after_down(), after_volumes()),
        "Let the container count, each time after the project is up again.",
    )


def lives_of(history: History, volume: str) -> list[Life]:
    """Return what happened in each life of the volume; the last one is that of the volume that there is now."""
    project, lives = run.name("pages"), [Life()]
    ours: set[str] = set()
    there: set[str] = set()
    for event in history.events:
        if event.kind == "volume" and event.id == volume:
            if event.action == "destroy":
                lives.append(Life())
            elif event.action == "mount" and event.attributes.get("container") not in ours:
                lives[-1].touched[-1].append("another container")
        if event.kind == "container" and event.attributes.get(f"{LABEL}project") == project:
            if event.attributes.get(f"{LABEL}oneoff", "").lower() == "true":
                continue
            ours.add(event.id)
            if event.action == "create":
                if not there:  # otherwise Compose replaces a container while the project is up
                    if lives[-1].starts:
                        lives[-1].touched.append([])
                    lives[-1].starts += 1
                there.add(event.id)
            elif event.action == "destroy":
                there.discard(event.id)
            elif event.action in _TOUCHES:
                lives[-1].touched[-1].append(event.detail or event.action)
    return lives


def _not_kept(lives: Sequence[Life]) -> str:
    if not any(life.kept for life in lives):
        return "The project has never come up again with the same volume."
    return "The project came up again with its volume, and nothing had been written into it before."


def _not_new(lives: Sequence[Life]) -> str:
    if len(lives) < 2:
        return "The volume has never been removed, so a down that removes volumes has not happened."
    if not any(life.kept for life in lives[:-1]):
        return "No volume that was kept has been removed afterwards: first the down that keeps it, then the other."
    if not lives[-1].starts:
        return "After the volume was removed the project was not started again."
    return "The volume that is there now has lines in it."


def _miscounted(kept: int, new: int) -> str:
    right = (setup.pages_count(), 0)
    if (kept, new) == right:
        return "Nothing looked into the volume that was kept, after the project had come up again."
    if (kept, new) == right[::-1]:
        return f"after_down and after_volumes are swapped: they are {kept} and {new}."
    return f"after_down is {kept} and after_volumes is {new}, which is not what the volumes had."


def _described(mount: Mount | None) -> str:
    if mount is None:
        return "nothing"
    if mount.unnamed:
        return "a volume without a name, a new one each time that the project comes up"
    return {"volume": f"the volume {mount.source}", "bind": "a directory of this machine"}.get(mount.type, mount.type)
