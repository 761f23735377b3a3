"""Checks of Part 1, one function for each exercise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from course import facts, run
from course.answers import answer
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts import Event
from course.setups import part1 as setup

BEGINNING = ("create", "start", "pause", "unpause")
ENDING = ("kill 15", "die", "stop")


def life_cycle() -> Report:
    """Exercise 5: one container went through its whole life, step by step, and was stopped with signal 15."""
    report = Report("Life cycle")
    name = run.name("life")
    lives = list(lives_of(facts.events_of(connect(), "container"), name).values())
    seen: set[str] = set().union(*lives)
    best = max(lives, key=lambda life: (in_order(life, ENDING), in_order(life, BEGINNING)), default=())
    if not report.require(
        bool(lives),
        passed=f"A container called {name} was made.",
        failed=f"The Engine remembers no container called {name}.",
        hint="It keeps only its last 256 events: run your cell, and this one right after it.",
        essential=True,
    ):
        return report
    together = all(step in seen for step in (*BEGINNING, *ENDING, "destroy"))
    report.require(
        len(lives) < 2 or not together or any(_whole(life) for life in lives),
        passed="One container, known by its ID, did all of it.",
        failed=f"Every step happened, but not on one container: {len(lives)} containers were called {name}, one "
        "after the other.",
        hint="A name can be used again once it is free; the ID is what makes it the same container.",
        essential=True,
    )
    report.require(
        in_order(best, BEGINNING),
        passed="It was created, started, paused and unpaused, in this order.",
        failed=f"Expected create, start, pause, unpause; of these the Engine saw {_said(best, BEGINNING)}.",
        hint="The list of steps in the goal is the order that is asked for.",
    )
    report.require(
        in_order(best, ENDING),
        passed="It was asked to end with signal 15 (SIGTERM), ended, and was stopped.",
        failed=_bad_ending(best),
        hint="The table of signals above says what each way of ending sends, and which one asks first.",
        essential=True,
    )
    report.require(
        in_order(best, ("stop", "destroy")),
        passed="After that it was removed.",
        failed="It was not removed after it had been stopped.",
        hint="A stopped container still exists: look at the list of all containers, not only the running ones.",
    )
    return report


def layers() -> Report:
    """Exercise 6: the number of layers that the run's Dockerfile adds, as `RootFS.Layers` has them."""
    report = Report("Layers of a Dockerfile")
    client = connect()
    name = run.name("layers")
    base, image = facts.image(client, setup.BASE), facts.image(client, name)
    if not report.require(
        base is not None and image is not None and image.builds_on(base),
        passed=f"The image {name} stands on the layers of {setup.BASE}.",
        failed=f"There is no image {name} that stands on {setup.BASE}.",
        hint="Build the Dockerfile that the cell above printed, under exactly this name.",
        essential=True,
    ):
        return report
    assert base is not None and image is not None
    printed = facts.run_once(client, name)
    report.require(
        printed is not None and printed.output.strip() == f"{run.token()}-0",
        passed="It was built from this run's Dockerfile.",
        failed=f"The image {name} does not do what this run's Dockerfile says.",
        hint="Print the Dockerfile again and build that text, unchanged.",
        essential=True,
    )
    _require_prediction(report, "layers")
    added = len(image.layers) - len(base.layers)
    rows = [row for row in image.history if row.size]
    lines = [line for line in setup.layers_recipe().splitlines() if line]

    def counted() -> bool:
        return _whole_number("layers_added") == added

    report.require(
        counted,
        passed=f"layers_added is right: {added} of {len(lines)} lines made a layer.",
        failed=_miscount(added, len(lines), len(rows), len(image.layers)),
        hint="The image itself lists its layers, under RootFS in what inspect shows; so does the base.",
        essential=True,
        weight=2,
    )
    return report


def lives_of(events: Iterable[Event], name: str) -> dict[str, list[str]]:
    """Return the steps of every container that was ever called ``name``, by container ID, the oldest first.

    A ``kill`` is written with its signal: ``"kill 15"``.
    """
    events = list(events)
    ids = [event.id for event in events if event.attributes.get("name") == name]
    return {
        id: [
            f"kill {event.signal}" if event.action == "kill" else event.action
            for event in events
            if event.id == id
        ]
        for id in dict.fromkeys(ids)
    }


def in_order(life: Sequence[str], steps: Sequence[str]) -> bool:
    """Tell whether ``steps`` happened in this order; other steps may lie between."""
    rest = iter(life)
    return all(step in rest for step in steps)


def _whole(life: Sequence[str]) -> bool:
    return in_order(life, (*BEGINNING, *ENDING, "destroy"))


def _said(life: Sequence[str], steps: Sequence[str]) -> str:
    return ", ".join(step for step in life if step in steps) or "none"


def _bad_ending(life: Sequence[str]) -> str:
    signals = [step.removeprefix("kill ") for step in life if step.startswith("kill ")]
    if "die" not in life:
        return "It has not ended yet."
    if "stop" in life and signals:
        return f"It was stopped, but asked with signal {signals[0]}; expected was 15, what a stop sends by default."
    if "stop" in life:
        return "It had ended by itself before it was stopped, so no signal was needed."
    if "9" in signals:
        return "It was not stopped: signal 9 ended it at once, as a kill or a forced removal does."
    if signals:
        return f"Signal {signals[0]} was sent to it, but it was not stopped: a stop also waits until it has ended."
    return "It ended by itself; nobody stopped it."


def _miscount(added: int, lines: int, rows: int, total: int) -> str:
    try:
        given = _whole_number("layers_added")
    except NoAnswer as reason:
        return str(reason)
    if given in (lines, lines - 1):
        return (
            f"layers_added is {given}: that counts the instructions, and not every instruction makes a layer."
        )
    if given == total:
        return f"layers_added is {given}: that counts the base image's layers as well."
    if given in (rows, rows - 1):
        return f"layers_added is {given}: that counts history rows with a size. A layer may weigh nothing."
    return f"layers_added is {given}, which is not what the image says."


def _whole_number(name: str) -> int:
    value = answer(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise NoAnswer(f"{name} is {str(value)[:60]!r}; a whole number was expected.")
    return value


def _require_prediction(report: Report, question: str) -> None:
    def made() -> bool:
        guesses: Any = answer("predictions")
        return isinstance(guesses, dict) and question in guesses

    report.require(
        made,
        passed="A prediction was written down first.",
        failed="No prediction was written down.",
        hint="A wrong guess costs nothing; a missing one does.",
    )
