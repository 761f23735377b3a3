"""What happened, from the record of the Engine's events (`course.record`), and whether the record knows it all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import docker

from course import record, run
from course.errors import NotKept, NotKnown

SLACK: Final = 2.0
"""Seconds by which the Engine's clock may differ from this machine's."""
_SAID_BY: Final = {
    "signal": ("kill",),
    "exitCode": ("die", "exec_die"),
    "imageID": ("commit",),
    "oldName": ("rename",),
}
"""The actions of a container whose event says this."""


@dataclass(frozen=True)
class Event:
    """One event. The action and the object's ID are the Engine's words; a name in ``attributes`` may be used twice."""

    kind: str
    """``container``, ``image``, ``network``, ``volume``, …"""
    action: str
    """Such as ``create``, ``start``, ``kill``, ``die``; of ``health_status: healthy`` only the first word is kept."""
    id: str
    attributes: Mapping[str, str]
    time: float
    """Seconds since 1970, by the Engine's clock."""
    detail: str = ""
    """What follows the first word of the action: ``healthy`` of ``health_status: healthy``."""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Event:
        """Make the record from one line of ``GET /events``."""
        action, _, detail = str(data.get("Action") or "").partition(":")
        actor = data.get("Actor") or {}
        return cls(
            kind=str(data.get("Type") or ""),
            action=action,
            id=str(actor.get("ID") or ""),
            attributes={str(key): str(value) for key, value in (actor.get("Attributes") or {}).items()},
            time=int(data.get("timeNano") or 0) / 1e9,
            detail=detail.strip(),
        )


@dataclass(frozen=True)
class History:
    """What happened to objects of some kinds, the oldest first, and what the record cannot tell.

    That an event is in it proves that it happened. That one is not proves nothing, unless the record knows the whole
    time in question: `happened` and `vouch` make the difference.
    """

    events: tuple[Event, ...]
    more: frozenset[tuple[str, str]] = frozenset()
    """IDs and actions of which more events were caused than are kept."""
    spans: tuple[tuple[float, float], ...] = ((0.0, float("inf")),)
    """From when to when nothing is missing."""
    complete: bool = True
    """It is grading's: nothing is unknown there. What is not kept was too much, and that is the submission's doing."""
    problem: str = ""
    """Why even so it is not whole; a sentence."""

    @classmethod
    def of_events(cls, events: Iterable[Event], **more: Any) -> History:
        """Make a history, without the attributes that are labels in truth.

        The Engine copies the labels of a container over the attributes of its events, so one called ``signal`` hides
        the real signal. It shows by standing in other events of the container as well.
        """
        kept = sorted(events, key=lambda event: event.time)
        labelled = {
            (event.id, key)
            for event in kept
            for key, actions in _SAID_BY.items()
            if key in event.attributes and event.action not in actions
        }
        return cls(tuple(_without(event, labelled) for event in kept) if labelled else tuple(kept), **more)

    def of(self, id: str) -> tuple[Event, ...]:
        """Return the events of one object."""
        return tuple(event for event in self.events if event.id == id)

    def called(self, name: str) -> tuple[str, ...]:
        """Return the IDs of all objects that ever had this name, the oldest first."""
        return tuple(dict.fromkeys(event.id for event in self.events if event.attributes.get("name") == name))

    def happened(self, found: bool, *ids: str, since: float | None = None) -> bool:
        """Return ``found``, which says that something is in the history; if it is not, `vouch` for that."""
        if not found:
            self.vouch(*ids, since=since)
        return found

    def vouch(self, *ids: str, since: float | None = None, actions: Collection[str] = ()) -> None:
        """Do nothing if everything is known that happened since a time; otherwise raise an error.

        Args:
            ids: only what happened to these objects matters; without any, only the ``actions`` of all objects do.
            since: seconds since 1970; if not given, the creation of the objects, or else the beginning of the run.
            actions: only these matter.

        Raises:
            NotKept: in grading, more happened than the record keeps.
            NotKnown: elsewhere, the record has a gap.
        """
        problem = self.problem or self._too_many(ids, actions)
        if self.complete:
            if problem:
                raise NotKept(f"{problem} So it cannot be seen what was asked for.")
            return
        if problem:
            raise NotKnown(problem)
        for id in ids or ("",):
            self._vouch_for_time(id, since)

    def _too_many(self, ids: Collection[str], actions: Collection[str]) -> str:
        for id, action in sorted(self.more):
            if (id in ids or (not ids and actions)) and (action in actions or not actions):
                most = f"{record.MAX_OF_A_KIND:,} “{action}” events"
                return f"More than {most} of {id[:19]} were caused, so its history is not kept whole."
        return ""

    def _vouch_for_time(self, id: str, since: float | None) -> None:
        life = self.of(id)
        end = next((event.time for event in life if event.action == "destroy"), float("inf"))
        born = next((event.time for event in life if event.action == "create"), None)
        begin = since if since is not None else born if born is not None else run.began()
        last = self.spans[-1][1] if self.spans else 0.0
        for first, until in self.spans:
            if first <= begin + SLACK and until + SLACK >= min(end, last):
                return
        raise NotKnown(_gap(self.spans, begin))


def history(client: docker.DockerClient, *kinds: str) -> History:
    """Return what happened to objects of these kinds (``"container"``, ``"volume"``, …), up to now.

    Raises EngineSilent, and in grading RecorderSilent.
    """
    known = record.read(client)
    return History.of_events(
        (Event.read(line) for line in known.lines if line["Type"] in kinds),
        more=frozenset((id, action) for kind, id, action in known.more if kind in kinds),
        spans=known.spans,
        complete=known.complete,
        problem=known.problem,
    )


def events_of(client: docker.DockerClient, kind: str, name: str | None = None) -> tuple[Event, ...]:
    """Return the known events of one kind, the oldest first, if ``name`` is given only of objects so called."""
    events = history(client, kind).events
    return tuple(event for event in events if name is None or event.attributes.get("name") == name)


def _without(event: Event, labelled: Collection[tuple[str, str]]) -> Event:
    true = {key: value for key, value in event.attributes.items() if (event.id, key) not in labelled}
    return event if len(true) == len(event.attributes) else replace(event, attributes=true)


def _gap(spans: Sequence[tuple[float, float]], begin: float) -> str:
    """Return a sentence on the last time after ``begin`` of which nothing is known."""
    if not spans:
        return "Nobody has written down what happened on this Engine."
    before = [end for _, end in spans[:-1] if end > begin]
    when = f"from {_clock(before[-1])} to" if before else "before"
    return (
        f"What happened {when} {_clock(spans[-1][0])} is not known: no notebook's kernel was there to write it down, "
        "and the Engine remembers its last 256 events only."
    )


def _clock(time: float) -> str:
    return f"{datetime.fromtimestamp(time):%d %B, %H:%M:%S}"
