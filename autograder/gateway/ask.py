"""The gateway's own requests to the Engine, in HTTP/1.0: a response ends with its connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

TIMEOUT = 5.0
MAX_LINE = 2**20
"""Bytes of one event: a container has at most about as many labels."""


@asynccontextmanager
async def lines(engine: str, target: str) -> AsyncIterator[asyncio.StreamReader]:
    """Return the content of the answer to ``GET target``.

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


def makings(since: int, until: int | None = None) -> str:
    """Return the target that gives the events of something being made between two times (nanoseconds since 1970).

    Without an end they go on coming.
    """
    event = quote(json.dumps({"event": ["create", "exec_create"]}))
    end = "" if until is None else f"&until={_seconds(until)}"
    return f"/v1.45/events?filters={event}&since={_seconds(since)}{end}"


async def latest_making(engine: str, since: int, until: int) -> int:
    """When the latest of these events happened; 0 if there was none."""
    async with asyncio.timeout(TIMEOUT), lines(engine, makings(since, until)) as answer:
        found = [json.loads(line)["timeNano"] for line in (await answer.read()).splitlines() if line]
    return max(found, default=0)


def _seconds(nanoseconds: int) -> str:
    """Return a time in the form that the Engine's ``since`` and ``until`` take."""
    return f"{nanoseconds // 10**9}.{nanoseconds % 10**9:09d}"
