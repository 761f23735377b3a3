"""Filter the Engine's events for a client: only the student's, and none while the gate is shut."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from autograder.gateway.ask import MAX_LINE
from autograder.gateway.gate import Gate

MAX_HELD = 256 * 1024
"""Bytes of events held back while the gate is shut. With more the Engine is not read on, and may drop some."""


async def heard(gate: Gate, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Return the events among ``pieces`` of a stream of JSON texts, a line each, that may be shown.

    The Engine is read on while the gate is shut: it waits for each slow listener whenever anything happens.
    """
    rest, held = b"", b""
    coming: asyncio.Task[bytes] | None = asyncio.create_task(_next(pieces))
    try:
        while coming or held:
            waits: list[asyncio.Task[bytes] | asyncio.Task[None]] = []
            if coming and len(held) < MAX_HELD:
                waits.append(coming)
            if held:
                waits.append(asyncio.create_task(gate.opened()))
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if held:
                waits[-1].cancel()
            if coming and coming.done():
                piece = coming.result()
                *lines, rest = (rest + piece).split(b"\n")
                held += _shown(gate, lines)
                # The rest of a line that is too long is no JSON, and so is not shown.
                rest = rest if len(rest) <= MAX_LINE else b"too long"
                coming = asyncio.create_task(_next(pieces)) if piece else None
            if held and gate.is_open:
                # Once more, for only now is it certain what the examiner made meanwhile.
                if shown := _shown(gate, held.splitlines()):
                    yield shown
                held = b""
    finally:
        if coming:
            coming.cancel()
            await asyncio.wait({coming})


async def _next(pieces: AsyncIterator[bytes]) -> bytes:
    return await anext(pieces, b"")


def _shown(gate: Gate, lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines if _is_shown(gate, line))


def _is_shown(gate: Gate, line: bytes) -> bool:
    try:
        return gate.ledger.shows(json.loads(line.lstrip(b"\x1e")))
    except (ValueError, AttributeError):
        return False
