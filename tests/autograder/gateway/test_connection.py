# ruff: noqa: E501
"""What happens on the wire, with a stand-in for the Engine that records every byte it gets."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
from pathlib import Path

import pytest

from autograder.gateway.answers import MARK
from autograder.gateway.audit import MAX_BYTES, Audit
from autograder.gateway.server import MAX_CONNECTIONS
from tests.autograder.gateway.wire import OK, PING, Reader, Wire, Writer, on_the_wire, talk


def test_requests_follow_each_other_on_one_connection(tmp_path: Path) -> None:
    """Keep-alive: each is sent on over a connection of its own."""

    async def play(wire: Wire) -> None:
        reader, writer = await wire.connect()
        for _ in range(3):
            writer.write(PING)
            assert (await reader.readexactly(len(b"HTTP/1.1 200 OK")))[-2:] == b"OK"
            await reader.readuntil(b"\r\n\r\nOK")
        writer.close()

    assert len(on_the_wire(tmp_path, play)) == 3


@pytest.mark.parametrize(
    "second",
    [
        b"POST /containers/x/start HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /swarm HTTP/1.1\r\nHost: a\r\n\r\n",
        b"garbage",
    ],
)
def test_nothing_that_is_sent_ahead_is_taken_for_a_request(tmp_path: Path, second: bytes) -> None:
    """Pipelined bytes after a request with content never reach the Engine; the connection ends after the answer."""

    async def play(wire: Wire) -> None:
        head = b"POST /volumes/create HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        answer = await talk(wire, head + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + second)
        assert answer.count(b"HTTP/1.1") == 1

    got = on_the_wire(tmp_path, play)
    assert [head.split(b" ")[1] for head in got] == [b"/volumes/create"]


def test_as_many_may_connect_at_once_as_may_be_served(tmp_path: Path) -> None:
    """None is turned away before the gateway has had time to accept it."""

    async def play(wire: Wire) -> None:
        clients = []
        await asyncio.sleep(0.1)
        for _ in range(MAX_CONNECTIONS):  # the event loop stands still here, and with it the gateway
            client = socket.socket(socket.AF_UNIX)
            client.setblocking(False)
            client.connect(str(tmp_path / "gateway"))
            clients.append(client)
        for client in clients:
            client.close()

    on_the_wire(tmp_path, play)


def test_the_name_of_a_built_directory_reaches_the_engine_as_it_was_sent(tmp_path: Path) -> None:
    """BuildKit's clients send it in a header, in UTF-8."""
    line = "x-docker-expose-session-sharedkey: Übung\r\n".encode()

    async def play(wire: Wire) -> None:
        await talk(
            wire, b"POST /session HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n" + line + b"\r\n"
        )

    assert line in on_the_wire(tmp_path, play)[0]


def test_a_refused_request_ends_the_connection(tmp_path: Path) -> None:
    """What is left of it, a whole other request even, is not read as one."""

    async def play(wire: Wire) -> None:
        body = b'{"Image":"x","HostConfig":{"Privileged":true}}'
        head = f"POST /containers/create HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        answer = await talk(wire, head.encode() + b"\r\n\r\n" + body + PING)
        assert answer.startswith(b"HTTP/1.1 403 Forbidden\r\n")
        assert f"{MARK}: refused".encode() in answer
        assert "privileged container is refused" in json.loads(answer.split(b"\r\n\r\n")[1])["message"]
        assert answer.count(b"HTTP/1.1") == 1

    assert on_the_wire(tmp_path, play) == []


def test_the_client_is_told_to_go_on_only_with_what_may_pass(tmp_path: Path) -> None:
    """``Expect: 100-continue``: asked for before content is sent, refused before it is sent."""

    async def play(wire: Wire) -> None:
        head = b"HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"
        answer = await talk(wire, b"POST /volumes/create " + head, b"{}")
        assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
        answer = await talk(wire, b"POST /swarm/init " + head)
        assert answer.startswith(b"HTTP/1.1 403")

    assert len(on_the_wire(tmp_path, play)) == 1


def test_an_upgraded_connection_passes_bytes_both_ways_and_half_ends(tmp_path: Path) -> None:
    """The client ends its direction; the Engine's answer to all of it still arrives; nothing after it is HTTP."""

    async def upgraded(reader: Reader, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
        content = await reader.read()
        writer.write(b"%d bytes" % len(content))
        await writer.drain()

    async def play(wire: Wire) -> None:
        head = b"POST /containers/c1/attach?stream=1&stdin=1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
        answer = await talk(wire, head, PING, b"x" * 500_000)
        assert answer.startswith(b"HTTP/1.1 101 ")
        assert answer.endswith(b"%d bytes" % (500_000 + len(PING)))

    assert len(on_the_wire(tmp_path, play, upgraded)) == 1


def test_what_comes_late_reaches_a_client_that_has_half_ended(tmp_path: Path) -> None:
    """`docker run` ends its own direction at once and waits: memory that is tidied up meanwhile loses no output."""
    go_on = asyncio.Event()

    async def engine(reader: Reader, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
        await go_on.wait()
        writer.write(b"late output")

    async def play(wire: Wire) -> None:
        reader, writer = await wire.connect()
        writer.write(
            b"POST /containers/c1/attach?stream=1&stdout=1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")
        writer.write_eof()
        await asyncio.sleep(0.1)
        gc.collect()
        go_on.set()
        assert await reader.read() == b"late output"

    on_the_wire(tmp_path, play, engine)


def test_a_stream_ends_when_its_client_goes(tmp_path: Path) -> None:
    """``docker events`` interrupted: the Engine's side is closed, not kept for ever."""
    gone = asyncio.Event()

    async def endless(reader: Reader, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n")
        await writer.drain()
        assert await reader.read() == b""
        gone.set()

    async def play(wire: Wire) -> None:
        reader, writer = await wire.connect()
        writer.write(b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
        await reader.readuntil(b"{}")
        writer.close()
        await gone.wait()

    on_the_wire(tmp_path, play, endless)


def test_a_slow_engine_slows_the_client(tmp_path: Path) -> None:
    """Back-pressure: of an upload that the Engine does not read, the gateway holds little."""

    async def deaf(reader: Reader, writer: Writer) -> None:
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(1)

    async def play(wire: Wire) -> None:
        _, writer = await wire.connect()
        writer.write(b"POST /images/load HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n")
        taken = 0
        try:
            async with asyncio.timeout(0.8):
                while True:
                    writer.write(bytes(100_000))
                    await writer.drain()
                    taken += 100_000
        except TimeoutError:
            pass
        assert taken < 5_000_000
        writer.transport.abort()

    on_the_wire(tmp_path, play, deaf)


def test_an_engine_that_is_gone_is_an_ordinary_error(tmp_path: Path) -> None:
    """502 with a sentence, when it does not answer in HTTP or not at all."""

    async def rude(reader: Reader, writer: Writer) -> None:
        writer.write(b"\x00\x01nonsense\r\n\r\n")

    async def play(wire: Wire) -> None:
        assert (await talk(wire, PING)).startswith(b"HTTP/1.1 502")

    on_the_wire(tmp_path, play, rude)


def test_connections_are_bounded(tmp_path: Path) -> None:
    """One more than the limit is told so; when one ends there is room again."""

    async def play(wire: Wire) -> None:
        held = [await wire.connect() for _ in range(MAX_CONNECTIONS)]
        await asyncio.sleep(0.3)
        assert (await talk(wire)).startswith(b"HTTP/1.1 503")
        for _, writer in held:
            writer.close()
        await asyncio.sleep(0.3)
        assert (await talk(wire, PING)).startswith(b"HTTP/1.1 200")

    on_the_wire(tmp_path, play)


def test_the_log_is_bounded_and_keeps_its_beginning(tmp_path: Path) -> None:
    """A flood of requests cannot push out what was noted first."""
    log = Audit(tmp_path)
    log.write(first=True)
    for number in range(30_000):
        log.write(number=number, filler="x" * 600)
    assert json.loads((tmp_path / "audit.jsonl").read_text().splitlines()[0])["first"] is True
    assert (tmp_path / "audit.jsonl").stat().st_size <= MAX_BYTES
    latest = tmp_path / "audit-latest.jsonl"
    assert latest.stat().st_size <= MAX_BYTES
    assert json.loads(latest.read_text().splitlines()[-1])["number"] == 29_999


@pytest.mark.parametrize("megabytes", [1, 16])
def test_an_engine_that_answers_early_is_heard(tmp_path: Path, megabytes: int) -> None:
    """It has heard enough and closes: the client still sends all it has without an error, and gets the answer."""

    async def answers_at_once(reader: Reader, writer: Writer) -> None:
        await reader.read(1000)
        writer.write(OK)
        await writer.drain()

    async def play(wire: Wire) -> None:
        for _ in range(5):
            reader, writer = await wire.connect()
            size = megabytes << 20
            writer.write(
                b"POST /v1.45/images/load HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-tar\r\n"
                + f"Content-Length: {size}\r\n\r\n".encode()
            )
            for _ in range(size >> 16):
                writer.write(bytes(1 << 16))
                await writer.drain()
            assert (await reader.read()).startswith(b"HTTP/1.1 200")
            writer.close()

    on_the_wire(tmp_path, play, answers_at_once)
