"""Serve one client connection: judge each request, then forward it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import h11

from autograder.gateway import archive, decide, head
from autograder.gateway.answers import AuditEntry, answer
from autograder.gateway.audit import Audit
from autograder.gateway.errors import Denied, Malformed, Refused
from autograder.gateway.exchange import EngineGone, Exchange
from autograder.gateway.gate import Gate
from autograder.gateway.head import Head
from autograder.gateway.route import Content
from autograder.gateway.streams import CHUNK, content, read_head

HEAD_TIMEOUT = 30.0
BODY_TIMEOUT = 60.0
LINGER_SECONDS = 2.0
LINGER_BYTES = 64 * 2**20
SMALL = 64 * 1024
"""Bytes of a JSON body above which only a few may be held at a time."""


class Connection:
    """Serves one client until it goes away, is refused, or its connection has become another protocol."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        engine: str,
        gate: Gate,
        audit: Audit,
        large: asyncio.Semaphore,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._engine = engine
        self._gate = gate
        self._audit = audit
        self._large = large

    async def serve(self) -> None:
        """Answer requests until the end of the connection."""
        with suppress(ConnectionError):
            while await self._next():
                pass

    async def _next(self) -> bool:
        """Answer one request; whether another may follow on the same connection."""
        entry = AuditEntry()
        try:
            raw = await self._head()
            if not raw:
                return False
            entry.started = time.monotonic()
            entry.method, entry.path = _first_words(raw)
            parsed, connection = head.parse(raw)
            return await self._answer(parsed, connection, entry)
        except Denied as denied:
            entry.decision, entry.reason = denied.decision, str(denied)
            entry.status = entry.status or denied.status
            await self._deny(denied, entry)
            return False
        except EngineGone as error:
            entry.decision, entry.reason, entry.status = "failed", str(error), 502
            await self._deny(Denied("The Engine does not answer.", 502), entry)
            return False
        except ConnectionError:
            entry.reason = entry.reason or "the client or the Engine went away"
            raise
        except Exception as error:
            # A mistake of the gateway's own must never let anything through, nor end without a word.
            logging.exception("a request could not be judged")
            entry.decision, entry.reason, entry.status = "failed", type(error).__name__, 500
            await self._deny(Refused("The gateway could not judge this request, so it is refused.", 500), entry)
            return False
        finally:
            if entry.method:
                self._record(entry)

    async def _head(self) -> bytes:
        """Return the next head; there is no hurry to begin one, but to end it."""
        first = await self._reader.read(1)
        if not first:
            return b""
        try:
            async with asyncio.timeout(HEAD_TIMEOUT):
                return first + await read_head(self._reader)
        except TimeoutError as error:
            raise Malformed(f"The head of the request was not complete after {HEAD_TIMEOUT:.0f} s.", 408) from error

    async def _answer(self, parsed: Head, connection: h11.Connection, entry: AuditEntry) -> bool:
        verdict = decide.on_head(parsed)
        pieces: AsyncIterator[bytes] | None = None
        if parsed.expects_continue and parsed.has_body:
            self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if verdict.route.content in (Content.STREAM, Content.ARCHIVE):
            pieces = content(connection, self._reader)
            body = await self._archive_start(pieces) if verdict.route.content is Content.ARCHIVE else b""
        else:
            body = decide.on_body(verdict, await self._json(parsed, connection))
        exchange = Exchange(
            self._engine,
            self._gate,
            self._reader,
            self._writer,
            parsed,
            connection,
            verdict,
            body,
            pieces,
            entry,
        )
        follows = await exchange.run()
        if entry.decision == "cancelled" or (pieces and connection.their_state is not h11.DONE):
            # What the client still sends has to go somewhere.
            await self._linger()
        return follows

    async def _archive_start(self, pieces: AsyncIterator[bytes]) -> bytes:
        """Return the archive's first block at least, found to be that of a plain tar archive."""
        start = b""
        async for piece in pieces:
            start += piece
            if len(start) >= archive.BLOCK:
                break
        archive.check(start)
        return start

    async def _json(self, parsed: Head, connection: h11.Connection) -> bytes:
        """Return the whole of a JSON body. Only a few long ones are held at a time."""
        pieces = content(connection, self._reader)
        if not parsed.chunked and (parsed.length or 0) <= SMALL:
            return await self._collect(pieces)
        async with self._large:
            return await self._collect(pieces)

    async def _collect(self, pieces: AsyncIterator[bytes]) -> bytes:
        collected = bytearray()
        try:
            async with asyncio.timeout(BODY_TIMEOUT):
                async for piece in pieces:
                    collected += piece
                    if len(collected) > decide.MAX_JSON:
                        raise Malformed(f"The JSON content is longer than {decide.MAX_JSON} bytes.", 413)
        except TimeoutError as error:
            raise Malformed(f"The content was not complete after {BODY_TIMEOUT:.0f} s.", 408) from error
        return bytes(collected)

    async def _deny(self, denied: Denied, entry: AuditEntry) -> None:
        """Answer in the gateway's own name, and end the connection: nothing left of the request is read as one."""
        with suppress(ConnectionError):
            self._writer.write(answer(denied, head_only=entry.method == "HEAD"))
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

    def _record(self, entry: AuditEntry) -> None:
        path, _, query = entry.path.partition("?")
        keys = sorted({part.partition("=")[0][:40] for part in query.split("&") if part})[:40]
        self._audit.write(
            method=entry.method,
            path=path[:512],
            query=keys,
            decision=entry.decision,
            reason=entry.reason[:400],
            status=entry.status,
            sent=entry.sent,
            received=entry.received,
            seconds=round(time.monotonic() - entry.started, 4),
        )


def _first_words(raw: bytes) -> tuple[str, str]:
    """Return method and target for the log, whatever the client sent."""
    words = raw.split(b"\r\n", 1)[0].decode("ascii", "replace").split(" ")
    return words[0][:16] or "?", (words[1] if len(words) > 1 else "")[:2048]
