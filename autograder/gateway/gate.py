"""The gate between the student's side and the Engine, shut during a check.

What the student's side may do does not depend on its processes: a connection can be handed to a container, and a
request goes on when its sender stands still. So the gateway itself stops: nothing new reaches the Engine, and what it
has already is awaited, then cancelled. A request counts as ended when the Engine's handler has returned: Go's HTTP
server cancels a request's context when it reads the end of the connection (https://pkg.go.dev/net/http#Request.Context),
and closes its own direction after the handler's return.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from autograder.gateway import ask
from autograder.gateway.ledger import Ledger
from autograder.gateway.request_kinds import Kind, Underway, kind, left_over, name, sentence
from autograder.gateway.route import Route

SETTLE_TIMEOUT = 10.0
"""How long the Engine may take to end what was cancelled."""
POLL_INTERVAL = 0.02


@dataclass(frozen=True, slots=True)
class Shut:
    """What came of shutting the gate."""

    cancelled: tuple[str, ...]
    """A sentence for each request that was cancelled."""
    left: tuple[str, ...]
    """A sentence for each piece of work that the Engine did not end: the Engine is not at rest."""


class Gate:
    """Lets requests pass, or wait.

    Args:
        engine: path of the Engine's own socket.
        ledger: what is noted of the Engine's events.
    """

    def __init__(self, engine: str, ledger: Ledger) -> None:
        self.ledger = ledger
        self.shuts = 0
        """How often the gate has been shut."""
        self._engine = engine
        self._open = asyncio.Event()
        self._open.set()
        self._underway: set[Underway] = set()
        self._builds_end_unseen = False

    @property
    def is_open(self) -> bool:
        """Whether requests may pass."""
        return self._open.is_set()

    async def opened(self) -> None:
        """Return when the gate is open."""
        while not self._open.is_set():
            await self._open.wait()

    async def enter(self, route: Route) -> Underway:
        """Wait until the gate is open; the request of the current task counts as under way from then on."""
        await self.opened()
        task = asyncio.current_task()
        assert task
        found = Underway(
            kind(route),
            sentence(name(route)),
            left_over(name(route)),
            route.upgrade == "h2c",
            task,
            self.shuts,
        )
        self._underway.add(found)
        return found

    def leave(self, request: Underway) -> None:
        """Note that the Engine is done with a request."""
        self._underway.discard(request)
        self._builds_end_unseen |= request.buildkit
        request.ended.set()

    async def shut(self, patience: float) -> Shut:
        """Let nothing pass any more; return when the Engine works no longer, or will not stop.

        Args:
            patience: seconds that what is under way may take before it is cancelled.
        """
        self.shuts += 1
        self._open.clear()
        await self._ended(self._pending(), patience)
        unended = [request for request in self._pending() if not request.cancelled]
        for request in unended:
            request.cancel()
        await self._ended(self._pending(), SETTLE_TIMEOUT)
        left = {request.left for request in self._pending() if request.kind is Kind.WORK}
        if not left and self._builds_end_unseen:
            if await self._builds_ended():
                self._builds_end_unseen = False
            else:
                left = {left_over("build")}
        await self.ledger.begin()
        return Shut(tuple(sorted({request.sentence for request in unended})), tuple(sorted(left)))

    async def open(self, *, planted: bool = False) -> None:
        """Let everything pass again. What was ``planted`` meanwhile is the student's to see."""
        if not self.is_open:
            await self.ledger.end(planted=planted)
            self._open.set()

    def _pending(self) -> list[Underway]:
        """Return the work that changes something, without what was cancelled at one container for an earlier check."""
        return [
            request
            for request in self._underway
            if request.kind is Kind.WORK
            or (request.kind is Kind.CONTAINER and not (request.cancelled and request.shuts < self.shuts - 1))
        ]

    async def _ended(self, requests: list[Underway], seconds: float) -> None:
        if requests:
            waits = [asyncio.create_task(request.ended.wait()) for request in requests]
            await asyncio.wait(waits, timeout=seconds)
            for wait in waits:
                wait.cancel()

    async def _builds_ended(self) -> bool:
        """Whether BuildKit uses nothing of its cache any more: the end of its connections says nothing about that."""
        deadline = time.monotonic() + SETTLE_TIMEOUT
        try:
            while await ask.builds_use_cache(self._engine):
                if time.monotonic() > deadline:
                    return False
                await asyncio.sleep(POLL_INTERVAL)
        except OSError:  # the Engine does not answer; a TimeoutError is one too
            return False
        return True
