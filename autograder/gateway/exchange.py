"""Forward one student request to the Engine, and end it even if the client disconnects.

Each goes over a connection of its own. That costs a fraction of a millisecond on a unix socket, rules out that two
requests are ever taken for one, and shows when the Engine is done with one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from socket import socket as Socket
from typing import Any

import h11

from autograder.gateway import contexts, events, strictjson, wire
from autograder.gateway.answers import AuditEntry, answer
from autograder.gateway.decide import Decision
from autograder.gateway.errors import Cancelled, Denied, Malformed
from autograder.gateway.gate import Gate
from autograder.gateway.head import Head
from autograder.gateway.request_kinds import Kind
from autograder.gateway.streams import CHUNK, connect, content, hung_up, pipe, read_head

HANG_UP_INTERVAL = 0.5
"""Seconds between two looks whether a client is still there that nothing may be read from yet."""
LINE_SECONDS = 1.0
"""How long the Engine may take to end the line of an answer that is cancelled in its middle."""


class EngineGone(Exception):
    """The Engine did not answer, or not in HTTP."""


class Exchange:
    """Sends the Engine one request, and the client the answer.

    Args:
        reader: the client's bytes.
        writer: to the client.
        parsed: the request's head; ``connection`` is what has parsed it.
        decision: the request that may be sent.
        body: its content, or the beginning of it.
        pieces: content that is still to come, or None.
        entry: what the log will say.
    """

    def __init__(
        self,
        engine: str,
        gate: Gate,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        parsed: Head,
        connection: h11.Connection,
        decision: Decision,
        body: bytes,
        pieces: AsyncIterator[bytes] | None,
        entry: AuditEntry,
    ) -> None:
        self._engine = engine
        self._gate = gate
        self._reader = reader
        self._writer = writer
        self._parsed = parsed
        self._connection = connection
        self._verdict = decision
        self._body = body
        self._pieces = pieces
        self._entry = entry

    async def run(self) -> bool:
        """Do it, once the gate is open; whether another request may follow on the client's connection.

        Raises:
            Denied: the content was not as it has to be.
            EngineGone: the client has to be told that the Engine does not answer.
            ConnectionError: the client or the Engine went away.
        """
        while (follows := await self._once()) is None:
            pass
        return follows

    async def _once(self) -> bool | None:
        """Send the request; None if it has to be sent again."""
        waits = not self._gate.is_open
        self._underway = await self._gate.enter(self._verdict.route)
        self._request = h11.Connection(h11.CLIENT)
        self._upload: asyncio.Task[None] | None = None
        self._began = self._raw_now = False
        self._last = b"\n"
        self._heeded = False
        try:
            if waits and hung_up(self._writer):
                raise ConnectionError("the client went away while the gate was shut")
            self._hide()
            try:
                self._from_engine, self._to_engine = await connect(self._engine)
            except OSError as error:
                raise EngineGone(str(error)) from error
            except asyncio.CancelledError:
                if not self._heed():
                    raise
                raise Cancelled(self._underway.sentence) from None
            try:
                self._start()
                return await self._relay()
            except asyncio.CancelledError:
                if not self._heed():
                    self._to_engine.transport.abort()
                    raise
                await self._tell()
                return False
            finally:
                await self._finish()
        finally:
            self._gate.leave(self._underway)

    def _hide(self) -> None:
        """Refuse what leads to a command of the examiner's in a container of the student's."""
        _, _, name = self._verdict.target.partition("/exec/")
        name = name.partition("/")[0]
        if self._verdict.route.path.startswith("/exec/") and self._gate.ledger.is_examiners(name):
            raise Denied(f"No such exec instance: {name}.", 404)

    def _start(self) -> None:
        decision, parsed = self._verdict, self._parsed
        lines = [*decision.headers, *wire.framing(parsed, decision, self._body, self._pieces is not None)]
        headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in lines]
        start = self._request.send(h11.Request(method=parsed.method, target=decision.target, headers=headers))
        start = (start or b"") + wire.data(self._request, self._body)
        if self._pieces is None:
            self._to_engine.write(start + (self._request.send(h11.EndOfMessage()) or b""))
        else:
            pieces = self._pieces if decision.route.path != "/build" else contexts.unpadded(self._pieces)
            self._upload = asyncio.create_task(_upload(self._request, self._to_engine, start, pieces, self._entry))
            self._entry.sent += len(self._body)

    async def _relay(self) -> bool | None:
        watch = asyncio.create_task(self._watch())
        try:
            reply, raw = await self._engine_head()
            if self._underway.kind is Kind.LOOK and self._gate.shuts != self._underway.shuts:
                # The Engine may have looked while the examiner was at work.
                return False if watch.done() else None
            await self._held()
            self._entry.status = reply.status_code
            if self._verdict.route.upgrade and wire.goes_raw(reply):
                await _end(watch)
                await self._raw(raw)
                return False
            if isinstance(reply, h11.InformationalResponse):
                raise EngineGone("an answer that nobody asked for")
            headers = [(name, value) for name, value in reply.headers if name not in wire.HOP]
            self._began = True
            self._write(h11.Response(status_code=reply.status_code, headers=headers, reason=reply.reason))
            try:
                async for piece in self._answer():
                    await self._held()
                    self._entry.received += len(piece)
                    self._last = piece[-1:]
                    self._write(h11.Data(data=piece))
                    await self._writer.drain()
            except Malformed as error:
                # Too late for an answer of our own: the client sees that this one is not complete.
                raise ConnectionError("the Engine's answer broke off") from error
            self._write(h11.EndOfMessage())
            await self._writer.drain()
        finally:
            # Bytes that came before the answer was complete are a second request that nobody has decided on.
            pipelined = watch.done() and not watch.cancelled()
            await _end(watch)
        return (
            not pipelined
            and self._connection.trailing_data[0] == b""
            and (self._connection.our_state is h11.DONE and self._connection.their_state is h11.DONE)
        )

    def _answer(self) -> AsyncIterator[bytes]:
        pieces = content(self._request, self._from_engine)
        return events.heard(self._gate, pieces) if self._verdict.route.path == "/events" else pieces

    async def _held(self) -> None:
        """While the gate is shut, hold back what only passes something on; the answer to work goes on to its end."""
        if self._underway.kind in (Kind.LOOK, Kind.STREAM):
            await self._gate.opened()

    async def _engine_head(self) -> tuple[h11.Response | h11.InformationalResponse, bytes]:
        """Return the head of the Engine's answer, parsed; and its bytes. A failed upload fails first."""
        upload = self._upload
        reading = asyncio.create_task(read_head(self._from_engine))
        try:
            if upload is not None:
                await asyncio.wait({reading, upload}, return_when=asyncio.FIRST_COMPLETED)
                if upload.done() and not reading.done():
                    upload.result()
            raw = await reading
            if not raw:
                raise EngineGone("it closed the connection")
            self._request.receive_data(raw)
            event = self._request.next_event()
        except (Malformed, h11.RemoteProtocolError, ConnectionError) as error:
            if upload is not None and upload.done() and upload.exception() is error:
                raise
            raise EngineGone(str(error)) from error
        finally:
            await _end(reading)
        if not isinstance(event, h11.Response | h11.InformationalResponse):
            raise EngineGone("its answer is not HTTP")
        return event, raw

    async def _watch(self) -> None:
        """Tell the Engine when the client has gone, as the client's own end would have: it gives up the work.

        Ends when anything came: the end of the stream, or bytes that no one may send yet. On a connection that may go
        on as another protocol the first bytes of that belong to it, and are left where they are.
        """
        if self._upload is not None:
            await asyncio.wait({self._upload})
            if self._connection.their_state not in (h11.DONE, h11.MUST_CLOSE):
                return
        if self._verdict.route.upgrade:
            while not hung_up(self._writer):
                await asyncio.sleep(HANG_UP_INTERVAL)
        elif await self._reader.read(1):
            return
        if hung_up(self._writer) and not self._changes:
            self._to_engine.close()
        else:
            self._to_engine.write_eof()

    @property
    def _changes(self) -> bool:
        """Whether it matters when the Engine is done with the request."""
        return self._underway.kind in (Kind.WORK, Kind.CONTAINER)

    async def _raw(self, head: bytes) -> None:
        """Pass bytes in both directions until the Engine ends it, or the client is gone."""
        self._raw_now = True
        self._writer.write(head)
        first = self._connection.trailing_data[0]
        down = asyncio.create_task(pipe(self._from_engine, self._writer, self._held))
        up = asyncio.create_task(pipe(self._reader, self._to_engine, self._held, first))
        try:
            await asyncio.wait({down, up}, return_when=asyncio.FIRST_COMPLETED)
            if not down.done() and up.exception() is None and not hung_up(self._writer):
                await down
        finally:
            for task in (down, up):
                task.cancel()
            results = await asyncio.gather(down, up, return_exceptions=True)
            received, sent = (count if isinstance(count, int) else 0 for count in results)
            self._entry.received, self._entry.sent = received, sent

    # -- the end -----------------------------------------------------------------------------------------

    def _heed(self) -> bool:
        """Whether the task was interrupted because the gate shuts; it may go on then, to end the exchange."""
        if not self._underway.cancelled or self._heeded:
            return False
        self._heeded = True
        task = asyncio.current_task()
        assert task
        task.uncancel()
        return True

    async def _tell(self) -> None:
        """Tell the client that its request was cancelled, in the way in which the Engine reports an error there."""
        self._end_of_request()
        cancelled = Cancelled(self._underway.sentence)
        self._entry.decision, self._entry.reason = cancelled.decision, str(cancelled)
        if self._began:
            await self._tell_in_progress(cancelled)
        elif not self._raw_now:
            self._entry.status = cancelled.status
            self._writer.write(answer(cancelled))
        with suppress(OSError):
            self._writer.write_eof()

    async def _tell_in_progress(self, cancelled: Cancelled) -> None:
        with suppress(ConnectionError, TimeoutError, Malformed, h11.LocalProtocolError):
            if self._last != b"\n":
                async with asyncio.timeout(LINE_SECONDS):
                    async for piece in content(self._request, self._from_engine):
                        line, end, _ = piece.partition(b"\n")
                        self._write(h11.Data(data=line + end))
                        if end:
                            break
            text = strictjson.encode({"errorDetail": {"message": str(cancelled)}, "error": str(cancelled)})
            self._write(h11.Data(data=text + b"\r\n"))
            self._write(h11.EndOfMessage())

    def _end_of_request(self) -> None:
        with suppress(OSError):
            self._to_engine.write_eof()

    async def _finish(self) -> None:
        """End the Engine's side; where something changes, return only when the Engine is done with it."""
        try:
            while True:
                try:
                    return await self._drain()
                except asyncio.CancelledError:
                    if not self._heed():
                        raise
        finally:
            self._to_engine.close()

    async def _drain(self) -> None:
        if self._upload is not None:
            await _end(self._upload)
        if self._changes:
            self._end_of_request()
            with suppress(ConnectionError):
                while await self._from_engine.read(CHUNK):
                    pass

    def _write(self, event: h11.Event) -> None:
        piece = self._connection.send(event)
        if piece:
            self._writer.write(piece)


async def _upload(
    request: h11.Connection,
    writer: asyncio.StreamWriter,
    first: bytes,
    pieces: AsyncIterator[bytes],
    entry: AuditEntry,
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
        # One piece behind, so that the last goes out together with the end: see ``contexts``.
        last = b""
        async for piece in pieces:
            entry.sent += len(piece)
            if last and not await _take(loop, socket, last):
                return
            last = wire.data(request, piece)
        await _take(loop, socket, last + (request.send(h11.EndOfMessage()) or b""))


async def _take(loop: asyncio.AbstractEventLoop, socket: Socket, piece: bytes) -> bool:
    """Whether the Engine took the piece."""
    try:
        await loop.sock_sendall(socket, piece)
    except ConnectionError:
        return False
    return True


async def _end(task: asyncio.Task[Any]) -> None:
    """Stop a task, if it has not ended; how it ends no longer matters."""
    task.cancel()
    await asyncio.wait({task})
    with suppress(asyncio.CancelledError):
        task.exception()
