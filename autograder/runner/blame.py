"""Find the student's container that made a check hang.

An image with a pipe in place of ``/etc/passwd`` is enough: the start of such a container never returns, nor does any
question about it, while the Engine answers everything else.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from autograder.runner.roles import ENGINE_SOCKET

PING_TIMEOUT = 5.0
LOOK_TIMEOUT = 15.0
"""How long the Engine may take to describe one container, on a busy machine; usually it takes a millisecond."""
AT_ONCE = 16
MAX_CONTAINERS = 2000
"""Containers that are asked about."""


async def engine_answers(socket: Path = ENGINE_SOCKET) -> bool:
    """Whether the Docker Engine at ``socket`` answers a ping."""
    return await _get(socket, "/_ping", PING_TIMEOUT) is not None


async def hanging_container(socket: Path = ENGINE_SOCKET) -> str:
    """Return the name of a container about which a living Engine says nothing; empty if there is none."""
    listed = await _get(socket, "/containers/json?all=1", LOOK_TIMEOUT)
    try:
        containers: list[dict[str, Any]] = json.loads(listed or b"[]")
    except ValueError:
        return ""
    turn = asyncio.Semaphore(AT_ONCE)

    async def silent(container: dict[str, Any]) -> str:
        async with turn:
            said = await _get(socket, f"/containers/{container['Id']}/json", LOOK_TIMEOUT)
        return "" if said is not None else str((container.get("Names") or [container["Id"][:12]])[0]).lstrip("/")

    found = await asyncio.gather(*(silent(container) for container in containers[:MAX_CONTAINERS]))
    names = [name for name in found if name]
    return names[0] if names and await engine_answers(socket) else ""


async def _get(socket: Path, path: str, seconds: float) -> bytes | None:
    """Return the body of the Engine's answer, whatever its status; None if there was none in time."""
    writer = None
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_unix_connection(str(socket), limit=1 << 20)
            writer.write(f"GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n".encode())
            status = await reader.readline()
            head, _, body = (status + await reader.read(-1)).partition(b"\r\n\r\n")
            return body if head.startswith(b"HTTP/") and b" 5" not in status[8:11] else None
    except (OSError, TimeoutError, ValueError):
        return None
    finally:
        if writer:
            writer.close()
