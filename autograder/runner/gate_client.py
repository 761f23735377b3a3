"""Shut the gateway during a check; the other end is ``autograder/gateway/gate_socket.py``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

CONTROL = Path("/run/gateway/control")
WORK_TIMEOUT = 10.0
"""Seconds that a student's builds and the like may still take when a check is due, before they are cancelled."""
TIMEOUT = 30.0
"""Seconds that the gateway may take beyond the patience: it gives the Engine time to end what it cancelled."""
MAX_NOTES = 5


class GateBroke(Exception):
    """The gateway does not answer, so that no one knows what the student's side does."""


@dataclass(frozen=True)
class ShutAnswer:
    """What came of shutting the gateway."""

    cancelled: tuple[str, ...] = ()
    """A sentence for the student for each kind of request that was cancelled."""
    left: tuple[str, ...] = ()
    """A sentence for each kind of work that the Engine did not end. If there is any, no check may run."""


class GateClient:
    """The gateway's control socket; without a path there is no gateway, and nothing to shut."""

    def __init__(self, path: Path | None = CONTROL) -> None:
        self._path = path

    @asynccontextmanager
    async def shut(self, patience: float = WORK_TIMEOUT, *, planting: bool = False) -> AsyncIterator[ShutAnswer]:
        """Within it, nothing that the student's side asks for reaches the Engine, over whatever connection.

        Args:
            patience: seconds that work which is under way may still take; at most ``WORK_TIMEOUT`` count.
            planting: what is made meanwhile is for the student, who may see it afterwards, and its events.

        Raises:
            GateBroke: the gateway does not answer.
        """
        answer = await self._ask({"command": "shut", "patience": min(patience, WORK_TIMEOUT)})
        try:
            yield ShutAnswer(tuple(answer.get("cancelled", ())[:MAX_NOTES]), tuple(answer.get("left", ())[:MAX_NOTES]))
        finally:
            await self.open(planted=planting)

    async def open(self, *, planted: bool = False) -> None:
        """Let the student's side ask again, and see what was ``planted``. Raises GateBroke."""
        await self._ask({"command": "open", "planted": planted})

    async def _ask(self, command: dict[str, object]) -> dict[str, list[str]]:
        if self._path is None:
            return {}
        writer = None
        try:
            async with asyncio.timeout(WORK_TIMEOUT + TIMEOUT):
                reader, writer = await asyncio.open_unix_connection(self._path)
                writer.write(json.dumps(command).encode() + b"\n")
                answer: dict[str, list[str]] = json.loads(await reader.readline())
                return answer
        except (OSError, ValueError) as problem:  # a TimeoutError is an OSError
            raise GateBroke(f"The gateway did not answer: {problem!r}.") from problem
        finally:
            if writer:
                writer.close()
