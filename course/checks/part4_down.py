"""The check of Part 4 on taking a project down: what the volume went through is read from events."""

from __future__ import annotations

from typing import Final

from course import facts, run
from course.checks import criteria
from course.checks.answers import read_now, whole_number
from course.checks.check import Check, exercise
from course.checks.compose_projects import need_services
from course.facts import History
from course.facts.compose import LABEL
from course.facts.container import Mount
from course.facts.filesystem import volume_exists
from course.setups import part4 as setup

PLACE: Final = "/pages"


@exercise
def down(check: Check) -> None:
    """Require that the volume outlived one down, and not the other one, and that both were measured in this order."""
    volume = f"{run.name('pages')}_pages"
    after_down, after_volumes = (read_now(name, whole_number) for name in ("after_down", "after_volumes"))
    writer = need_services(check, "pages", "writer")["writer"].container
    mount = writer.mount(PLACE)
    check.gate(
        mount is not None and (mount.type, mount.source) == ("volume", volume) and volume_exists(check.client, volume),
        f"The service has the named volume {volume} at {PLACE}.",
        f"At {PLACE} the service has {_described(mount)}; it should have the volume {volume}.",
        "A named volume is listed twice: at the service, and under volumes at the end of the file.",
    )
    check.settle()
    history = facts.history(check.client, "container", "volume")
    rounds = rounds_of(history, volume)
    check.gate(
        lambda: history.happened(len(rounds) > 1 and rounds[-2] > 1 and rounds[-1] > 0, volume, since=run.began()),
        "The project was taken down and up with its volume kept, and then once more without it.",
        lambda: _wrong_rounds(rounds),
        "The Engine's events tell when the volume and the containers were removed.",
    )
    criteria.predicted(check, "lines-after-down", "lines-after-down-volumes")
    right = (setup.pages_count(), 0)
    check.gate(
        lambda: (after_down(), after_volumes()) == right,
        f"after_down and after_volumes are right: {right[0]} and 0 lines.",
        lambda: _miscounted((after_down(), after_volumes()), right),
        "Let the container count, each time after the project is up again.",
    )


def rounds_of(history: History, volume: str) -> list[int]:
    """Return how many containers were made for the service while the volume existed, for each of the volume's lives.

    The last number belongs to the volume that there is now.
    """
    project, rounds, removed = run.name("pages"), [0], True
    for event in history.events:
        if event.kind == "volume" and event.id == volume and event.action == "destroy":
            rounds.append(0)
        ours = event.attributes.get(f"{LABEL}project") == project and event.kind == "container"
        if ours and event.attributes.get(f"{LABEL}oneoff", "").lower() != "true":
            if event.action == "create" and removed:  # one that follows the removal of the one before
                rounds[-1] += 1
                removed = False
            removed = removed or event.action == "destroy"
    return rounds


def _wrong_rounds(rounds: list[int]) -> str:
    if len(rounds) < 2:
        return "The volume has never been removed, so a down that removes volumes has not happened."
    if not rounds[-1]:
        return "After the volume was removed the project was not started again."
    return (
        "The volume was removed before the project had been taken down and started again with it: "
        "first the down that keeps it, then the other one."
    )


def _miscounted(numbers: tuple[int, int], right: tuple[int, int]) -> str:
    if numbers == right[::-1]:
        return f"after_down and after_volumes are swapped: they are {numbers[0]} and {numbers[1]}."
    return f"after_down is {numbers[0]} and after_volumes is {numbers[1]}; that is not what the containers had."


def _described(mount: Mount | None) -> str:
    if mount is None:
        return "nothing"
    if mount.unnamed:
        return "a volume without a name, a new one each time that the project comes up"
    return {"volume": f"the volume {mount.source}", "bind": "a directory of this machine"}.get(mount.type, mount.type)
