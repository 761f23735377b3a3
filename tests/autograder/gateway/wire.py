"""A gateway on a socket, with a stand-in for the Engine that records what it gets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from autograder.gateway.audit import Audit
from autograder.gateway.gate import Gate
from autograder.gateway.ledger import Ledger
from autograder.gateway.server import GatewayServer

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Answering = Callable[[Reader, Writer], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
PING = b"GET /_ping HTTP/1.1\r\nHost: a\r\n\r\n"


class Wire:
    """A gateway in front of a recording Engine."""

    def __init__(self, folder: Path, answering: Answering | None) -> None:
        self.folder = folder
        self.got: list[bytes] = []
        self.answering = answering
        self.past: list[bytes] = []
        """Events, as the Engine tells the gateway of them."""
        self.cache = b'{"BuildCache": []}'
        self.gate: Gate

    async def engine(self, reader: Reader, writer: Writer) -> None:
        """Record one request, unless it is the gateway's own; answer it."""
        head = await reader.readuntil(b"\r\n\r\n")
        if b" HTTP/1.0\r\n" in head:
            answer = self.cache if b"/system/df" in head else b"".join(self.past)
            writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + answer)
        else:
            self.got.append(head)
            if self.answering:
                await self.answering(reader, writer)
            else:
                writer.write(OK)
        writer.close()

    async def connect(self) -> tuple[Reader, Writer]:
        """A client's connection to the gateway."""
        return await asyncio.open_unix_connection(str(self.folder / "gateway"))


def on_the_wire(
    folder: Path, play: Callable[[Wire], Awaitable[None]], answering: Answering | None = None
) -> list[bytes]:
    """Run a scene; the heads that the Engine got."""

    async def run() -> list[bytes]:
        wire = Wire(folder, answering)
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(folder / "gateway"))
        listening.listen()
        engine = str(folder / "engine")
        wire.gate = Gate(engine, Ledger(engine))
        gateway = asyncio.create_task(GatewayServer(engine, wire.gate, Audit(folder)).serve(listening))
        async with await asyncio.start_unix_server(wire.engine, str(folder / "engine")):
            async with asyncio.timeout(20):
                await play(wire)
        gateway.cancel()
        return wire.got

    return asyncio.run(run())


async def talk(wire: Wire, *pieces: bytes) -> bytes:
    """Send pieces on one connection, end it, read everything that comes back."""
    reader, writer = await wire.connect()
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.02)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer
