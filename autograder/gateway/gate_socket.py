"""The socket on which the examiner's side shuts and opens the gate: one JSON line for request and response.

It lies in the gateway's own folder, which only the gateway and root may enter.

    {"command": "shut", "patience": 10.0}   {"cancelled": ["…"], "left": []}
    {"command": "open", "planted": false}   {}
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from autograder.gateway.gate import Gate

NAME = "control"


class Control:
    """Serves the control socket of a gate."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._turn = asyncio.Lock()

    async def serve(self, folder: Path) -> None:
        """Serve until cancelled."""
        server = await asyncio.start_unix_server(self._client, folder / NAME)
        async with server:
            await server.serve_forever()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            try:
                request = json.loads(await reader.readline())
                async with self._turn:
                    writer.write(json.dumps(await self._do(request)).encode() + b"\n")
                await writer.drain()
            finally:
                writer.close()

    async def _do(self, request: dict[str, object]) -> dict[str, object]:
        if request["command"] == "shut":
            return asdict(await self._gate.shut(float(str(request["patience"]))))
        if request["command"] == "open":
            await self._gate.open(planted=request.get("planted") is True)
            return {}
        raise ValueError(f"unknown command {request['command']}: expected shut or open")
