"""Copy bytes between sockets, no faster than the receiver reads them."""

from __future__ import annotations

import asyncio
import select
from collections.abc import AsyncIterator, Awaitable, Callable

import h11

from autograder.gateway.errors import Malformed

CHUNK = 64 * 1024
"""Bytes held of one stream at a time; asyncio's buffers are a small multiple of it."""


class _KeepsWhatCame(asyncio.StreamReaderProtocol):
    """A peer that closes before it has read everything resets the connection; what it had sent before still counts."""

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(None if isinstance(exc, ConnectionError) else exc)


async def connect(path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to a unix socket. A reset is the end of the stream and not an error that hides what came before.

    Raises:
        OSError: nobody listens there.
    """
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=CHUNK, loop=loop)
    protocol = _KeepsWhatCame(reader, loop=loop)
    transport, _ = await loop.create_unix_connection(lambda: protocol, path)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def read_head(reader: asyncio.StreamReader) -> bytes:
    """All bytes up to and with the empty line that ends a head; empty at the end of the stream.

    Raises:
        Malformed: the head does not fit into the reader's limit, or ends in the middle.
    """
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise Malformed("The connection ended in the middle of a request.") from error
        return b""
    except asyncio.LimitOverrunError as error:
        raise Malformed("The head of the request is too long.", 431) from error


async def content(connection: h11.Connection, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Return the content of a message whose head ``connection`` has parsed, piece by piece.

    Raises:
        Malformed: it is not framed as HTTP/1.1 asks for, or has trailers.
        ConnectionError: the sender went away in the middle.
    """
    while True:
        try:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                piece = await reader.read(CHUNK)
                connection.receive_data(piece)
                continue
        except h11.RemoteProtocolError as error:
            if reader.at_eof():
                raise ConnectionError("the sender went away in the middle of the content") from error
            raise Malformed(f"The content is not framed as HTTP/1.1 asks for: {error}.") from error
        if isinstance(event, h11.Data):
            yield bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            if event.headers:
                raise Malformed("Trailers after the content are refused.")
            return
        else:
            return


async def pipe(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    held: Callable[[], Awaitable[None]],
    first: bytes = b"",
) -> int:
    """Pass on everything, each piece after ``held`` has returned, then the end. Returns the number of bytes."""
    piece, count = first, 0
    while True:
        await held()
        count += len(piece)
        writer.write(piece)
        await writer.drain()
        piece = await reader.read(CHUNK)
        if not piece:
            break
    await held()
    if writer.can_write_eof():
        writer.write_eof()
    return count


def hung_up(writer: asyncio.StreamWriter) -> bool:
    """Whether the peer has closed the whole connection, not only its own direction of it."""
    poll = select.poll()
    poll.register(writer.get_extra_info("socket").fileno(), select.POLLHUP)
    return any(events & select.POLLHUP for _, events in poll.poll(0))
