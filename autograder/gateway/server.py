"""Accept connections, up to a limit."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

from autograder.gateway.answers import answer
from autograder.gateway.audit import Audit
from autograder.gateway.connection import Connection
from autograder.gateway.errors import Denied
from autograder.gateway.gate import Gate
from autograder.gateway.streams import CHUNK

MAX_CONNECTIONS = 256
BACKLOG = 1024
"""Connections that may wait to be accepted: asyncio listens again, and clients beyond the number are turned away."""
MAX_LARGE_BODIES = 4
"""Of JSON bodies near 1 MiB that are held at the same time."""


class GatewayServer:
    """Serves a listening socket.

    Args:
        engine: path of the Engine's own socket.
        gate: what every request passes.
        audit: where each request is noted.
    """

    def __init__(self, engine: str, gate: Gate, audit: Audit) -> None:
        self._engine = engine
        self._gate = gate
        self._audit = audit
        # asyncio itself holds a task only weakly: one whose client has ended its own direction, and which waits for the
        # Engine, would be taken for garbage, and what the Engine says then be lost.
        self._open: set[asyncio.Task[None] | None] = set()

    async def serve(self, listening: socket.socket) -> None:
        """Serve until cancelled."""
        self._large = asyncio.Semaphore(MAX_LARGE_BODIES)
        server = await asyncio.start_unix_server(self._client, sock=listening, limit=CHUNK, backlog=BACKLOG)
        async with server:
            await server.serve_forever()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._open.add(task)
        try:
            if len(self._open) > MAX_CONNECTIONS:
                writer.write(answer(Denied(f"More than {MAX_CONNECTIONS} connections to this Engine are open.", 503)))
                return
            await Connection(reader, writer, self._engine, self._gate, self._audit, self._large).serve()
        finally:
            self._open.discard(task)
            with suppress(ConnectionError):
                writer.close()
