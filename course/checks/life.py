"""Reading a container's life from its events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from course.facts import Event

BEGINNING = ("create", "start", "pause", "unpause")
ENDING = ("kill 15", "die", "stop")
WHOLE = (*BEGINNING, *ENDING, "destroy")


def lives(events: Iterable[Event], name: str) -> dict[str, list[str]]:
    """Return the steps of every container that was ever called ``name``, by container ID, the oldest first.

    A ``kill`` is written with its signal: ``"kill 15"``. The Engine copies a container's labels over the attributes
    of its events, so a label called ``signal`` would hide the real one: then the signal counts as unknown.
    """
    kept = list(events)
    ids = dict.fromkeys(event.id for event in kept if event.attributes.get("name") == name)
    labelled = {event.id for event in kept if event.action != "kill" and "signal" in event.attributes}
    found: dict[str, list[str]] = {id: [] for id in ids}
    for event in kept:
        if event.id in found:
            signal = "?" if event.id in labelled else event.attributes.get("signal", "?")
            found[event.id].append(f"kill {signal}" if event.action == "kill" else event.action)
    return found


def in_order(life: Sequence[str], steps: Sequence[str]) -> bool:
    """Tell whether ``steps`` happened in this order; other steps may lie between."""
    rest = iter(life)
    return all(step in rest for step in steps)


def ended(life: Sequence[str], *around: str) -> bool:
    """Tell whether it was stopped with signal 15 and ended, after the steps ``around`` if there are some.

    The Engine writes *die* and *stop* down within microseconds of each other, in either order.
    """
    return all(in_order(life, (*around, "kill 15", step)) for step in ("die", "stop"))


def whole(life: Sequence[str]) -> bool:
    """Tell whether it is the whole life that the exercise asks for."""
    return ended(life, *BEGINNING) and all(in_order(life, (step, "destroy")) for step in ("die", "stop"))


def progress(life: Sequence[str]) -> tuple[bool, bool, bool]:
    """Return how far a life got, for finding the one that got farthest."""
    return whole(life), ended(life), in_order(life, BEGINNING)


def seen(life: Sequence[str]) -> str:
    """Return the beginning's steps that happened, for people."""
    return ", ".join(step for step in life if step in BEGINNING) or "none"


def bad_ending(life: Sequence[str]) -> str:
    """Return a sentence on how a life ended that did not end by a stop with signal 15."""
    signals = [step.removeprefix("kill ") for step in life if step.startswith("kill ")]
    if "die" not in life:
        return "It has not ended yet."
    if "stop" in life and signals:
        return f"It was stopped, but the first signal was {signals[0]}; expected was 15, which a stop sends."
    if "stop" in life:
        return "It had ended by itself before it was stopped, so no signal was needed."
    if "9" in signals:
        return "It was not stopped: signal 9 ended it at once, as a kill or a forced removal does."
    if signals:
        return f"It was sent signal {signals[0]}, but not stopped: a stop also waits for the end."
    return "It ended by itself; nobody stopped it."
