"""Reading a container's life from its events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from docker import DockerClient

from course import facts, run
from course.facts import Container, Event, History

BEGINNING = ("create", "start", "pause", "unpause")
ALL = frozenset({*BEGINNING, "kill 15", "die", "stop", "destroy"})
DISTURBING: Final = frozenset({"die", "kill", "stop", "restart", "pause", "rename"})
"""What the Engine reports of a container that somebody does something to."""
MAX_START_DELAY: Final = 120.0
"""Seconds between making and starting a container that a set-up plants: more means that it was started again."""


def event_sequences(events: Iterable[Event], name: str) -> dict[str, list[str]]:
    """Return the steps of every container that was ever called ``name``, by container ID, the oldest first."""
    history = History.of_events(events)
    return {id: steps(history.of(id)) for id in history.called(name)}


def steps(events: Iterable[Event]) -> list[str]:
    """Return the steps of a container. A ``kill`` is written with its signal: ``"kill 15"``, or ``"kill ?"``."""
    return [
        f"kill {event.attributes.get('signal', '?')}" if event.action == "kill" else event.action for event in events
    ]


def in_order(life: Sequence[str], steps: Sequence[str]) -> bool:
    """Tell whether ``steps`` happened in this order; other steps may lie between."""
    rest = iter(life)
    return all(step in rest for step in steps)


def ended(life: Sequence[str], *around: str) -> bool:
    """Tell whether it was stopped with signal 15 and ended, after the steps ``around`` if there are some.

    The Engine writes *die* and *stop* down within microseconds of each other, in either order.
    """
    return all(in_order(life, (*around, "kill 15", step)) for step in ("die", "stop"))


def last_run(life: Sequence[str]) -> Sequence[str]:
    """Return the steps from the last start on."""
    starts = [place for place, step in enumerate(life) if step == "start"]
    return life[starts[-1] :] if starts else life


def stopped(life: Sequence[str]) -> bool:
    """Tell whether its last run was ended by a stop with signal 15.

    Engine 20.10 reports ``die`` before ``stop``, Engine 28 the other way round, so their order is left open.
    """
    end = last_run(life)
    return in_order(end, ("kill 15", "die")) and in_order(end, ("kill 15", "stop"))


def complete(life: Sequence[str]) -> bool:
    """Tell whether it is the whole life that the exercise asks for."""
    return in_order(life, BEGINNING) and stopped(life) and "destroy" in life


def progress(life: Sequence[str]) -> tuple[bool, bool, bool]:
    """Return how far a life got, for finding the one that got farthest."""
    return complete(life), stopped(life), in_order(life, BEGINNING)


def seen(life: Sequence[str]) -> str:
    """Return the beginning's steps that happened, for people."""
    return ", ".join(step for step in life if step in BEGINNING) or "none"


def bad_ending(life: Sequence[str]) -> str:
    """Return a sentence on how the last run ended that did not end by a stop with signal 15."""
    end = last_run(life)
    signals = [step.removeprefix("kill ") for step in end if step.startswith("kill ")]
    if "die" not in end:
        return "It has not ended yet."
    if "stop" in end and signals:
        return (
            f"It was stopped, but the first signal was {signals[0]}; "
            "expected: signal 15 (SIGTERM), which a stop sends first."
        )
    if "stop" in end:
        return "It had ended by itself before it was stopped, so no signal was needed."
    if "9" in signals:
        return "It was not stopped: signal 9 ended it at once, as a kill or a forced removal does."
    if signals:
        return f"It was sent signal {signals[0]}, but not stopped: a stop also waits for the end."
    return "It ended by itself; it was not stopped."


def planted(client: DockerClient, container: Container, image: str) -> bool:
    """Tell whether a set-up made the container: it has the run's label, and runs a course image, which has none."""
    used = facts.image(client, image)
    labelled = run.labels().items() <= container.config.labels.items()
    return labelled and used is not None and container.image == used.id


def undisturbed(client: DockerClient, container: Container) -> bool:
    """Tell whether a planted container has run without a break since it was made.

    Raises:
        NotKept, NotKnown: the record of events cannot tell.
    """
    started = container.state.started_at
    if started is None or started - container.created > MAX_START_DELAY:
        return False
    history = facts.history(client, "container")
    if {event.action for event in history.of(container.id)} & DISTURBING:
        return False
    history.vouch(container.id, since=container.created, actions=DISTURBING)
    return True
