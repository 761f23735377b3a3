"""What happened, as the Engine itself recorded it.

The Engine keeps its last 256 events, in memory (``eventsLimit`` in moby, ``daemon/events/events.go``). A check that
reads them has to run soon after what it asks about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import docker

from course.facts.values import when


@dataclass(frozen=True)
class Event:
    """One event. The action and the object's ID are the Engine's words; a name in ``attributes`` may be used twice."""

    kind: str
    """``container``, ``image``, ``network``, ``volume``, …"""
    action: str
    """Such as ``create``, ``start``, ``kill``, ``die``; of ``exec_create: COMMAND`` only the first word is kept."""
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


def events_of(client: docker.DockerClient, kind: str, name: str | None = None) -> tuple[Event, ...]:
    """Return the remembered events of one kind, the oldest first, if ``name`` is given only of objects so called."""
    now = when(
        client.info()["SystemTime"]
    )  # the Engine's clock: it may be a virtual machine's, off by seconds
    lines = client.api.events(since="1", until=f"{now:.9f}", filters={"type": [kind]}, decode=True)
    found = [Event.read(line) for line in lines]
    return tuple(event for event in found if name is None or event.attributes.get("name") == name)
