"""Questions of the gateway's own to the Engine, in HTTP/1.0: an answer ends with its connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

TIMEOUT = 5.0
MAX_LINE = 2**20
"""Bytes of one event: a container has at most about as many labels."""


@asynccontextmanager
async def lines(engine: str, target: str) -> AsyncIterator[asyncio.StreamReader]:
    """The content of the answer to ``GET target``.

    Raises:
        OSError: the Engine does not answer, or not with 200.
    """
    reader, writer = await asyncio.open_unix_connection(engine, limit=MAX_LINE)
    try:
        writer.write(f"GET {target} HTTP/1.0\r\nHost: docker\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise OSError(f"the Engine answered GET {target} with {head[:60]!r}")
        yield reader
    except asyncio.IncompleteReadError as error:
        raise OSError("the Engine closed the connection") from error
    finally:
        writer.close()


async def builds_use_cache(engine: str) -> bool:
    """Whether a build uses anything of BuildKit's cache now, as every build with a layer does to its very end."""
    async with asyncio.timeout(TIMEOUT), lines(engine, "/v1.45/system/df?type=build-cache") as answer:
        found: dict[str, Any] = json.loads(await answer.read())
    return any(record.get("InUse") for record in found.get("BuildCache") or ())


async def latest_event(engine: str, since: int, until: int) -> int:
    """When the latest of the events between two times happened, all in nanoseconds since 1970; 0 if there is none."""
    target = f"/v1.45/events?since={seconds(since)}&until={seconds(until)}"
    async with asyncio.timeout(TIMEOUT), lines(engine, target) as answer:
        found = [json.loads(line)["timeNano"] for line in (await answer.read()).splitlines() if line]
    return max(found, default=0)


def seconds(nanoseconds: int) -> str:
    """A time in the form that the Engine's ``since`` and ``until`` take."""
    return f"{nanoseconds // 10**9}.{nanoseconds % 10**9:09d}"
