"""One connection of a client: requests one after the other, each to the Engine over a connection of its own.

A new connection for each request costs a fraction of a millisecond on a unix socket, and rules out that two requests
are ever taken for one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from socket import socket as Socket

import h11

from autograder.gateway import archive, decide, head, strictjson
from autograder.gateway.audit import Audit
from autograder.gateway.decide import Verdict
from autograder.gateway.errors import Denied, Malformed, Refused
from autograder.gateway.head import Head
from autograder.gateway.route import Content
from autograder.gateway.streams import CHUNK, connect, content, hung_up, pipe, read_head

MARK = "X-Docker-Course-Gateway"
"""Header of the gateway's own refusals, ``refused`` or ``malformed``; the Engine's answers never carry it."""

HEAD_SECONDS = 30.0
BODY_SECONDS = 60.0
LINGER_SECONDS = 2.0
LINGER_BYTES = 64 * 2**20
SMALL = 64 * 1024
"""Bytes of a JSON body above which only a few may be held at a time."""

_HOP = frozenset(
    {b"connection", b"keep-alive", b"transfer-encoding", b"upgrade", b"trailer", MARK.lower().encode()}
)
_RAW_TYPES = (b"application/vnd.docker.raw-stream", b"application/vnd.docker.multiplexed-stream")


class EngineGone(Exception):
    """The Engine did not answer, or not in HTTP."""


@dataclass
class Exchange:
    """What the log says about one request."""

    method: str = ""
    path: str = ""
    decision: str = "allowed"
    reason: str = ""
    status: int = 0
    sent: int = 0
    received: int = 0
    started: float = field(default_factory=time.monotonic)


class Connection:
    """Serves one client until it goes away, is refused, or its connection has become another protocol."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        engine: str,
        audit: Audit,
        large: asyncio.Semaphore,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._engine = engine
        self._audit = audit
        self._large = large

    async def serve(self) -> None:
        """Answer requests until the end of the connection."""
        with suppress(ConnectionError):
            while await self._next():
                pass

    async def _next(self) -> bool:
        """Answer one request; whether another may follow on the same connection."""
        exchange = Exchange()
        try:
            raw = await self._head()
            if not raw:
                return False
            exchange.started = time.monotonic()
            exchange.method, exchange.path = _first_words(raw)
            parsed, connection = head.parse(raw)
            return await self._answer(parsed, connection, exchange)
        except Denied as denied:
            exchange.decision, exchange.reason = denied.decision, str(denied)
            exchange.status = exchange.status or denied.status
            await self._deny(denied, exchange)
            return False
        except EngineGone as error:
            exchange.decision, exchange.reason, exchange.status = "failed", str(error), 502
            await self._deny(Denied("The Engine does not answer.", 502), exchange)
            return False
        except ConnectionError:
            exchange.reason = exchange.reason or "the client or the Engine went away"
            raise
        except Exception as error:
            # A mistake of the gateway's own must never let anything through, nor end without a word.
            logging.exception("a request could not be judged")
            exchange.decision, exchange.reason, exchange.status = "failed", type(error).__name__, 500
            await self._deny(
                Refused("The gateway could not judge this request, so it is refused.", 500), exchange
            )
            return False
        finally:
            if exchange.method:
                self._record(exchange)

    async def _head(self) -> bytes:
        """The next head; there is no hurry to begin one, but to end it."""
        first = await self._reader.read(1)
        if not first:
            return b""
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                return first + await read_head(self._reader)
        except TimeoutError as error:
            raise Malformed(
                f"The head of the request was not complete after {HEAD_SECONDS:.0f} s.", 408
            ) from error

    async def _answer(self, parsed: Head, connection: h11.Connection, exchange: Exchange) -> bool:
        verdict = decide.on_head(parsed)
        if parsed.expects_continue and parsed.has_body:
            self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if verdict.route.content in (Content.STREAM, Content.ARCHIVE):
            pieces = content(connection, self._reader)
            first = await self._archive_start(pieces) if verdict.route.content is Content.ARCHIVE else b""
            return await self._exchange(parsed, connection, verdict, exchange, first, pieces)
        body = decide.on_body(verdict.route, await self._json(parsed, connection))
        return await self._exchange(parsed, connection, verdict, exchange, body, None)

    async def _archive_start(self, pieces: AsyncIterator[bytes]) -> bytes:
        """The archive's first block at least, found to be that of a plain tar archive."""
        start = b""
        async for piece in pieces:
            start += piece
            if len(start) >= archive.BLOCK:
                break
        archive.check(start)
        return start

    async def _json(self, parsed: Head, connection: h11.Connection) -> bytes:
        """The whole of a JSON body. Only a few long ones are held at a time."""
        pieces = content(connection, self._reader)
        if not parsed.chunked and (parsed.length or 0) <= SMALL:
            return await self._collect(pieces)
        async with self._large:
            return await self._collect(pieces)

    async def _collect(self, pieces: AsyncIterator[bytes]) -> bytes:
        collected = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for piece in pieces:
                    collected += piece
                    if len(collected) > decide.MAX_JSON:
                        raise Malformed(f"The JSON content is longer than {decide.MAX_JSON} bytes.", 413)
        except TimeoutError as error:
            raise Malformed(f"The content was not complete after {BODY_SECONDS:.0f} s.", 408) from error
        return bytes(collected)

    async def _exchange(
        self,
        parsed: Head,
        connection: h11.Connection,
        verdict: Verdict,
        exchange: Exchange,
        body: bytes,
        pieces: AsyncIterator[bytes] | None,
    ) -> bool:
        """Send the Engine its request and the client the answer; ``pieces`` is content that is still to come."""
        try:
            engine_reader, engine_writer = await connect(self._engine)
        except OSError as error:
            raise EngineGone(str(error)) from error
        upload: asyncio.Task[None] | None = None
        try:
            request = h11.Connection(h11.CLIENT)
            headers = [*verdict.headers, *_framing(parsed, verdict, body, pieces is not None)]
            head_bytes = request.send(
                h11.Request(method=parsed.method, target=verdict.target, headers=headers)
            )
            if pieces is None:
                engine_writer.write(head_bytes or b"")
                engine_writer.write(_send(request, body))
                engine_writer.write(request.send(h11.EndOfMessage()) or b"")
            else:
                start = (head_bytes or b"") + _send(request, body)
                upload = asyncio.create_task(_upload(request, engine_writer, start, pieces, exchange))
                exchange.sent += len(body)
            return await self._relay(
                connection, request, verdict, exchange, engine_reader, engine_writer, upload
            )
        finally:
            if upload is not None:
                await _end(upload)
            engine_writer.close()

    async def _relay(
        self,
        connection: h11.Connection,
        request: h11.Connection,
        verdict: Verdict,
        exchange: Exchange,
        engine_reader: asyncio.StreamReader,
        engine_writer: asyncio.StreamWriter,
        upload: asyncio.Task[None] | None,
    ) -> bool:
        watch = (
            None if upload else asyncio.create_task(self._watch(engine_writer, bool(verdict.route.upgrade)))
        )
        try:
            reply, raw = await self._engine_head(request, engine_reader, upload)
            exchange.status = reply.status_code
            if verdict.route.upgrade and _goes_raw(reply):
                if watch is not None:
                    watch.cancel()
                    with suppress(asyncio.CancelledError):
                        await watch
                await self._raw(connection, raw, exchange, engine_reader, engine_writer)
                return False
            if isinstance(reply, h11.InformationalResponse):
                raise EngineGone("an answer that nobody asked for")
            headers = [(name, value) for name, value in reply.headers if name not in _HOP]
            self._write(
                connection.send(
                    h11.Response(status_code=reply.status_code, headers=headers, reason=reply.reason)
                )
            )
            try:
                async for piece in content(request, engine_reader):
                    exchange.received += len(piece)
                    self._write(connection.send(h11.Data(data=piece)))
                    await self._writer.drain()
            except Malformed as error:
                # Too late for an answer of our own: the client sees that this one is not complete.
                raise ConnectionError("the Engine's answer broke off") from error
            self._write(connection.send(h11.EndOfMessage()))
            await self._writer.drain()
        finally:
            if watch is not None:
                # Bytes that came before the answer was complete are a second request that nobody has decided on.
                pipelined = watch.done() and not watch.cancelled()
                watch.cancel()
                with suppress(asyncio.CancelledError):
                    await watch
        if upload is not None and connection.their_state is not h11.DONE:
            # The Engine answered before it had all; what the client still sends has to go somewhere.
            await _end(upload)
            await self._linger()
            return False
        return (
            not (watch is not None and pipelined)
            and connection.trailing_data[0] == b""
            and (connection.our_state is h11.DONE and connection.their_state is h11.DONE)
        )

    async def _engine_head(
        self, request: h11.Connection, reader: asyncio.StreamReader, upload: asyncio.Task[None] | None
    ) -> tuple[h11.Response | h11.InformationalResponse, bytes]:
        """The head of the Engine's answer, parsed; and its bytes. A failed upload fails first."""
        reading = asyncio.create_task(read_head(reader))
        try:
            if upload is not None:
                await asyncio.wait({reading, upload}, return_when=asyncio.FIRST_COMPLETED)
                if upload.done() and not reading.done():
                    upload.result()
            raw = await reading
            if not raw:
                raise EngineGone("it closed the connection")
            request.receive_data(raw)
            event = request.next_event()
        except (Malformed, h11.RemoteProtocolError, ConnectionError) as error:
            if upload is not None and upload.done() and upload.exception() is error:
                raise
            raise EngineGone(str(error)) from error
        finally:
            reading.cancel()
        if not isinstance(event, h11.Response | h11.InformationalResponse):
            raise EngineGone("its answer is not HTTP")
        return event, raw

    async def _watch(self, engine_writer: asyncio.StreamWriter, may_go_raw: bool) -> None:
        """While the Engine answers: tell it when the client has gone, as the client's own end would have.

        Ends when anything came: the end of the stream, or bytes that no one may send yet. On a connection that may go
        on as another protocol the first bytes of that belong to it, and are left where they are.
        """
        if may_go_raw:
            return await asyncio.sleep(3600)
        piece = await self._reader.read(1)
        if not piece:
            if hung_up(self._writer):
                engine_writer.close()
            else:
                engine_writer.write_eof()
        return None

    async def _raw(
        self,
        connection: h11.Connection,
        raw: bytes,
        exchange: Exchange,
        engine_reader: asyncio.StreamReader,
        engine_writer: asyncio.StreamWriter,
    ) -> None:
        """Pass bytes in both directions until the Engine ends it, or the client is gone."""
        self._writer.write(raw)
        down = asyncio.create_task(pipe(engine_reader, self._writer))
        up = asyncio.create_task(pipe(self._reader, engine_writer, connection.trailing_data[0]))
        try:
            await asyncio.wait({down, up}, return_when=asyncio.FIRST_COMPLETED)
            if not down.done() and up.exception() is None and not hung_up(self._writer):
                await down
        finally:
            for task in (down, up):
                task.cancel()
            results = await asyncio.gather(down, up, return_exceptions=True)
            exchange.received, exchange.sent = (count if isinstance(count, int) else 0 for count in results)

    def _write(self, piece: bytes | None) -> None:
        if piece:
            self._writer.write(piece)

    async def _deny(self, denied: Denied, exchange: Exchange) -> None:
        """Answer in the gateway's own name, and end the connection: nothing left of the request is read as one."""
        with suppress(ConnectionError):
            self._writer.write(answer(denied, head_only=exchange.method == "HEAD"))
            await self._writer.drain()
            await self._linger()

    async def _linger(self) -> None:
        """Let the client read the answer before the rest of what it sends meets a closed connection."""
        with suppress(TimeoutError, ConnectionError):
            if self._writer.can_write_eof():
                self._writer.write_eof()
            async with asyncio.timeout(LINGER_SECONDS):
                left = LINGER_BYTES
                while left > 0 and (piece := await self._reader.read(CHUNK)):
                    left -= len(piece)

    def _record(self, exchange: Exchange) -> None:
        path, _, query = exchange.path.partition("?")
        keys = sorted({part.partition("=")[0][:40] for part in query.split("&") if part})[:40]
        self._audit.write(
            method=exchange.method,
            path=path[:512],
            query=keys,
            decision=exchange.decision,
            reason=exchange.reason[:400],
            status=exchange.status,
            sent=exchange.sent,
            received=exchange.received,
            seconds=round(time.monotonic() - exchange.started, 4),
        )


def answer(denied: Denied, *, head_only: bool = False) -> bytes:
    """The gateway's own answer: an ordinary Docker error with a mark by which tests can tell whose it is."""
    text = strictjson.encode({"message": str(denied)})
    lines = [
        f"HTTP/1.1 {denied.status} {HTTPStatus(denied.status).phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(text)}",
        f"{MARK}: {denied.decision}",
        "Connection: close",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if head_only else text)


def _first_words(raw: bytes) -> tuple[str, str]:
    """Method and target for the log, whatever the client sent."""
    words = raw.split(b"\r\n", 1)[0].decode("ascii", "replace").split(" ")
    return words[0][:16] or "?", (words[1] if len(words) > 1 else "")[:2048]


def _framing(parsed: Head, verdict: Verdict, body: bytes, streamed: bool) -> list[tuple[str, str]]:
    """The headers that say what content follows, and that this connection is for one exchange."""
    framing = (
        [("Connection", "Upgrade"), ("Upgrade", verdict.upgrade)]
        if verdict.upgrade
        else [("Connection", "close")]
    )
    if streamed:
        framing.append(("Content-Type", "application/x-tar"))
        if parsed.chunked:
            framing.append(("Transfer-Encoding", "chunked"))
        else:
            framing.append(("Content-Length", str(parsed.length or 0)))
    elif body:
        framing += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    elif parsed.method in ("POST", "PUT"):
        framing.append(("Content-Length", "0"))
    return framing


def _send(request: h11.Connection, piece: bytes) -> bytes:
    return (request.send(h11.Data(data=piece)) or b"") if piece else b""


async def _upload(
    request: h11.Connection,
    writer: asyncio.StreamWriter,
    first: bytes,
    pieces: AsyncIterator[bytes],
    exchange: Exchange,
) -> None:
    """Pass the content on to the Engine, as far as it listens: one that has heard enough has answered.

    Not through ``writer``: when asyncio cannot write to a socket, it throws away what was still to be read from it,
    and that is the answer.
    """
    loop = asyncio.get_running_loop()
    with writer.get_extra_info("socket").dup() as socket:
        socket.setblocking(False)
        if not await _take(loop, socket, first):
            return
        async for piece in pieces:
            exchange.sent += len(piece)
            if not await _take(loop, socket, _send(request, piece)):
                return
        await _take(loop, socket, request.send(h11.EndOfMessage()) or b"")


async def _take(loop: asyncio.AbstractEventLoop, socket: Socket, piece: bytes) -> bool:
    """Whether the Engine took the piece."""
    try:
        await loop.sock_sendall(socket, piece)
    except ConnectionError:
        return False
    return True


async def _end(upload: asyncio.Task[None]) -> None:
    """Stop an upload, if it has not ended; how it ends no longer matters."""
    upload.cancel()
    with suppress(asyncio.CancelledError, ConnectionError, Denied):
        await upload


def _goes_raw(answer: h11.Response | h11.InformationalResponse) -> bool:
    """Whether the bytes after this head are no longer HTTP."""
    if answer.status_code == 101:
        return True
    kinds = [value for name, value in answer.headers if name == b"content-type"]
    return answer.status_code == 200 and bool(kinds) and kinds[0] in _RAW_TYPES
