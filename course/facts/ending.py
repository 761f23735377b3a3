"""How the last run of a container ended: which signals came when, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import docker

from course.facts.container import container
from course.facts.events import Event, History, history

GRACE = 10.0
"""Seconds that the Engine waits after the first signal if nothing else was said."""


@dataclass(frozen=True)
class Ending:
    """The last run of a container, from the first signal on. Times in seconds, 0 is the first signal."""

    signals: tuple[tuple[str, float], ...]
    """Signals that the Engine sent, each with its time; a signal's number, or ``?`` if a label hides it."""
    died: float | None
    """When the main process ended; None if it still runs. Without any signal, seconds since the start."""
    exit_code: int | None
    out_of_memory: bool
    stopped: bool
    """It was a stop (or a restart), not a mere kill: then the Engine waits before it sends signal 9."""
    grace: float = GRACE
    """Seconds that a stop waits for this container, unless the one who stops says otherwise."""


def ending(client: docker.DockerClient, name: str) -> Ending | None:
    """Return how the last run of the container with this name or ID ended; None if no event tells of one."""
    known = history(client, "container")
    ids = [*known.called(name), *({name} & {event.id for event in known.events})]
    grace = GRACE
    if (found := container(client, name)) is not None:
        ids.append(found.id)
        grace = float(found.config.stop_timeout if found.config.stop_timeout is not None else GRACE)
    return read(known.of(ids[-1]), grace) if ids else None


def read(life: Sequence[Event], grace: float = GRACE) -> Ending | None:
    """Return the ending in the events of one container, the oldest first; None if it was never started.

    The run is the last one that ended, if there is one. Engines report ``stop`` before or after ``die``.
    """
    life = History.of_events(life).events
    starts = [place for place, event in enumerate(life) if event.action == "start"]
    if not starts:
        return None
    ended = [event.action == "die" for event in life]
    first = starts[-1]
    if not any(ended[first:]) and len(starts) > 1:  # it runs again: tell of the run before
        before = [start for start in starts if any(ended[start:])]
        first = before[-1] if before else first
    last = next((start for start in starts if start > first), len(life))
    run = life[first:last]
    dead = next((event for event in run if event.action == "die"), None)
    kills = [event for event in run if event.action == "kill" and (dead is None or event.time <= dead.time)]
    zero = kills[0].time if kills else run[0].time
    code = dead.attributes.get("exitCode", "") if dead else ""
    return Ending(
        signals=tuple((_number(e.attributes.get("signal", "?")), e.time - zero) for e in kills),
        died=dead.time - zero if dead else None,
        exit_code=int(code) if code.isdecimal() else None,
        out_of_memory=any(event.action == "oom" for event in run),
        stopped=any(event.action in ("stop", "restart") for event in run),
        grace=grace,
    )


def _number(signal: str) -> str:
    return signal if signal.isdecimal() else "?"
