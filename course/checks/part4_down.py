"""The check of Part 4 on taking a project down: what the volume went through is read from events."""

from __future__ import annotations

from course import facts, run
from course.checks.common import require_prediction, whole_number
from course.checks.part4_common import missing, services
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts import History
from course.facts.attached import attached
from course.facts.compose import LABEL
from course.facts.inside import volume_exists
from course.setups import part4 as setup

PLACE = "/pages"


def down() -> Report:
    """Exercise 33: the volume outlived one down, and not the other one; both numbers were measured in this order."""
    report = Report("Down, and down with its volumes")
    client, volume = connect(), f"{run.name('pages')}_pages"
    numbers = _numbers()
    found = services(client, "pages")
    if "writer" not in found:
        return missing(report, "pages", found, ("writer",))
    uses = attached(client, found["writer"].container.id)
    mount = uses.at(PLACE) if uses is not None else None
    named = report.require(
        mount is not None
        and mount.kind == "volume"
        and mount.source == volume
        and volume_exists(client, volume),
        passed=f"The service has the named volume {volume} at {PLACE}.",
        failed=f"At {PLACE} the service has "
        + (
            "nothing."
            if mount is None
            else f"{_kind(mount.kind, mount.source)}; expected was the volume {volume}."
        ),
        hint="A named volume is listed twice: at the service, and under volumes at the end of the file.",
        essential=True,
    )
    if not named:
        return report
    history = facts.history(client, "container", "volume")
    rounds = rounds_of(history, volume)
    report.require(
        lambda: history.happened(
            len(rounds) > 1 and rounds[-2] > 1 and rounds[-1] > 0, volume, since=run.began()
        ),
        passed="The project was taken down and up with its volume kept, and then once more without it.",
        failed=_wrong_rounds(rounds),
        hint="The Engine's events tell when the volume and the containers were removed.",
        essential=True,
    )
    for question in ("lines-after-down", "lines-after-down-volumes"):
        require_prediction(report, question)
    right = (setup.pages_count(), 0)
    report.require(
        numbers == right,
        passed=f"after_down and after_volumes are right: {right[0]} and 0 lines.",
        failed=_miscounted(numbers, right),
        hint="Let the container count, each time after the project is up again.",
        essential=True,
    )
    return report


def rounds_of(history: History, volume: str) -> list[int]:
    """Return how many containers were made for the service while the volume existed, for each of the volume's lives.

    The last number belongs to the volume that there is now.
    """
    project, rounds, gone = run.name("pages"), [0], True
    for event in history.events:
        if event.kind == "volume" and event.id == volume and event.action == "destroy":
            rounds.append(0)
        ours = event.attributes.get(f"{LABEL}project") == project and event.kind == "container"
        if ours and event.attributes.get(f"{LABEL}oneoff", "").lower() != "true":
            if event.action == "create" and gone:  # one that follows the removal of the one before
                rounds[-1] += 1
                gone = False
            gone = gone or event.action == "destroy"
    return rounds


def _numbers() -> tuple[int, int] | str:
    try:
        return whole_number("after_down"), whole_number("after_volumes")
    except NoAnswer as reason:
        return str(reason)


def _wrong_rounds(rounds: list[int]) -> str:
    if len(rounds) < 2:
        return "The volume has never been removed, so a down that removes volumes has not happened."
    if not rounds[-1]:
        return "After the volume was removed the project was not started again."
    return (
        "The volume was removed before the project had been taken down and started again with it: "
        "first the down that keeps it, then the other one."
    )


def _miscounted(numbers: tuple[int, int] | str, right: tuple[int, int]) -> str:
    if isinstance(numbers, str):
        return numbers
    if numbers == right[::-1]:
        return f"after_down and after_volumes are swapped: they are {numbers[0]} and {numbers[1]}."
    return (
        f"after_down is {numbers[0]} and after_volumes is {numbers[1]}; that is not what the containers had."
    )


def _kind(kind: str, source: str) -> str:
    if kind == "volume" and len(source) == 64:
        return "a volume without a name, a new one each time that the project comes up"
    return {"volume": f"the volume {source}", "bind": "a directory of this machine"}.get(kind, kind)
