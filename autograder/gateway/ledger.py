"""Decide which of the Engine's events the student may see: none that the examiner caused.

The gateway notes by the clock when the gate was shut; the Engine stamps its events with the same machine's clock. While
it is shut nothing happens that the student's side asks for. So an event of such a time is shown only if a container of
the student's can cause it by its own means, with nothing of the examiner's: it ends, or its restart policy starts it
again. What was made in such a time is the examiner's for good, unless it was planted for the student.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from typing import Any

from autograder.gateway import ask

CATCH_UP_TIMEOUT = 2.0
RETRY_INTERVAL = 0.02

_OWN_MEANS = {
    "container": {"die", "oom", "start", "restart", "destroy", "health_status"},
    "network": {"connect", "disconnect"},
    "volume": {"mount", "unmount"},
}
"""What happens to a container without a request, by the type of the event."""

Event = dict[str, Any]


class Ledger:
    """When the gate was shut, and whose the Engine's objects are."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._shut: list[tuple[int, float]] = []
        """Begin and end of each time, in nanoseconds since 1970; the end of the last may be infinite."""
        self._students: set[str] = set()
        """Containers that were made while the gate was open."""
        self._examiners: set[str] = set()
        """Containers, networks, volumes and execs that were made while it was shut."""
        self._made: set[str] = set()
        """Those of them that were made in the last of these times."""
        self._asked = time.time_ns()
        self._latest = 0
        self._news = asyncio.Event()

    async def keep(self) -> None:
        """Listen to the Engine from now on, until cancelled."""
        while True:
            target = ask.makings(self._latest or self._asked)
            try:
                async with ask.lines(self._engine, target) as answer:
                    async for line in answer:
                        self.note(json.loads(line))
            except OSError:
                await asyncio.sleep(RETRY_INTERVAL)
            except ValueError:
                # One longer than a line may be: a container of an image with labels beyond measure.
                self._latest = time.time_ns()

    async def begin(self) -> None:
        """Note that the gate is shut from now on."""
        if self._shut and self._shut[-1][1] == float("inf"):
            return
        now = time.time_ns()
        await self._catch_up(now)
        self._shut.append((now, float("inf")))

    async def end(self, *, planted: bool = False) -> None:
        """Note that the gate opens now, once everything of the time before is known.

        What was ``planted`` in that time is as if the student had made it.
        """
        if not self._shut or self._shut[-1][1] != float("inf"):
            return
        now = time.time_ns()
        await self._catch_up(now)
        begin, _ = self._shut.pop()
        if planted:
            self._students |= self._made
            self._examiners -= self._made
        else:
            self._shut.append((begin, now))
        self._made.clear()

    def is_examiners(self, name: str) -> bool:
        """Whether the object with this id was made by the examiner."""
        return name in self._examiners

    def note(self, event: Event) -> None:
        """Take in the event of something being made."""
        _, action, actor, attributes = _parts(event)
        if action == "create":
            own = not self._while_shut(event)
            (self._students if own else self._examiners).add(actor)
            (self._examiners if own else self._students).discard(actor)
            if not own:
                self._made.add(actor)
        elif action == "exec_create" and self._while_shut(event):
            self._examiners.add(attributes.get("execID", ""))
        self._latest = max(self._latest, event.get("timeNano", 0))
        self._news.set()

    def shows(self, event: Event) -> bool:
        """Whether the student's side may see an event."""
        kind, action, actor, attributes = _parts(event)
        concerned = {actor, attributes.get("container"), attributes.get("execID")}
        if not concerned.isdisjoint(self._examiners):
            return False
        container = actor if kind == "container" else attributes.get("container")
        by_itself = action in _OWN_MEANS.get(kind, ()) and container in self._students
        return by_itself or not self._while_shut(event)

    def _while_shut(self, event: Event) -> bool:
        stamp = event.get("timeNano", 0)
        return any(begin <= stamp <= end for begin, end in reversed(self._shut))

    async def _catch_up(self, until: int) -> None:
        """Return when the listener has heard of all that was made up to a time."""
        with suppress(OSError, TimeoutError):
            target = await ask.latest_making(self._engine, self._latest or self._asked, until)
            async with asyncio.timeout(CATCH_UP_TIMEOUT):
                while self._latest < target:
                    self._news.clear()
                    await self._news.wait()


def _parts(event: Event) -> tuple[str, str, str, dict[str, str]]:
    """Type, first word of the action, id and attributes."""
    actor = event.get("Actor") or {}
    action = str(event.get("Action", "")).partition(":")[0]
    return str(event.get("Type", "")), action, str(actor.get("ID", "")), actor.get("Attributes") or {}
