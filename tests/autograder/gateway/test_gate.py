"""The gate on the wire: what waits, what is held back, what is cancelled, and when it counts as shut."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from autograder.gateway import gate
from tests.autograder.gateway.wire import OK, PING, Reader, Wire, Writer, on_the_wire, talk

BUILD = b"POST /build?t=x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
START = b"POST /containers/c1/start HTTP/1.1\r\nHost: a\r\n\r\n"
PROGRESS = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


async def until_eof(reader: Reader, writer: Writer) -> None:
    """An Engine that gives up its work when the client's end comes, a moment later."""
    while await reader.read(1000):
        pass
    await asyncio.sleep(0.2)


async def deaf(reader: Reader, writer: Writer) -> None:
    """An Engine whose work does not end."""
    await asyncio.sleep(3600)


def test_nothing_new_reaches_the_engine_while_the_gate_is_shut(tmp_path: Path) -> None:
    """On a connection from before and on a new one, requests wait; when it opens they are answered."""

    async def play(wire: Wire) -> None:
        reader, writer = await wire.connect()
        writer.write(PING)
        await reader.readuntil(b"\r\n\r\nOK")
        assert await wire.gate.shut(1) == gate.Shut((), ())
        writer.write(START)
        new = asyncio.create_task(talk(wire, PING))
        await asyncio.sleep(0.2)
        assert len(wire.got) == 1
        await wire.gate.open()
        await reader.readuntil(b"\r\n\r\nOK")
        assert b"200 OK" in await new
        writer.close()

    assert len(on_the_wire(tmp_path, play)) == 3


def test_work_may_come_to_its_end(tmp_path: Path) -> None:
    """Within the patience it is awaited, and nothing is cancelled."""

    ended = []

    async def slow(reader: Reader, writer: Writer) -> None:
        await asyncio.sleep(0.3)
        ended.append(True)
        writer.write(OK)

    async def play(wire: Wire) -> None:
        answer = asyncio.create_task(talk(wire, START))
        await asyncio.sleep(0.1)
        assert await wire.gate.shut(10) == gate.Shut((), ())
        assert ended
        assert (await answer).endswith(b"OK")

    on_the_wire(tmp_path, play, slow)


def test_work_is_cancelled_and_the_client_reads_why(tmp_path: Path) -> None:
    """Before the answer has begun: an ordinary error. The gate counts as shut when the Engine has ended the work."""

    async def play(wire: Wire) -> None:
        reader, writer = await wire.connect()
        writer.write(BUILD + b"5\r\nabcde\r\n")
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        shut = await wire.gate.shut(0.2)
        assert time.monotonic() - begun > 0.35
        assert shut.left == ()
        assert "build was still under way" in shut.cancelled[0]
        head, _, content = (await reader.read()).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503")
        assert json.loads(content)["message"] == shut.cancelled[0]
        writer.close()

    on_the_wire(tmp_path, play, until_eof)


def test_a_progress_that_is_cancelled_ends_with_an_error_of_its_own_kind(tmp_path: Path) -> None:
    """The message that the Engine was in the middle of is completed, then one with the error follows."""

    async def builds(reader: Reader, writer: Writer) -> None:
        writer.write(PROGRESS + b'8\r\n{"stream\r\n')
        while await reader.read(1000):
            pass
        writer.write(b'7\r\n":"a"}\n\r\n8\r\n{"b":1}\n\r\n0\r\n\r\n')

    async def play(wire: Wire) -> None:
        reader, writer = await wire.connect()
        writer.write(BUILD + b"0\r\n\r\n")
        await reader.readuntil(b'{"stream')
        shut = await wire.gate.shut(0.1)
        rest = await reader.read()
        lines = b"".join(rest.split(b"\r\n")[2::2]).split(b"\n")
        assert b'":"a"}' in rest
        assert b'"b"' not in rest
        assert shut.cancelled[0].encode() in lines[-1]
        assert rest.endswith(b"0\r\n\r\n")
        writer.close()

    on_the_wire(tmp_path, play, builds)


def test_a_trickled_upload_is_work(tmp_path: Path) -> None:
    """A client that sends a byte now and then does not delay a check beyond the patience, nor slip past it."""

    async def play(wire: Wire) -> None:
        reader, writer = await wire.connect()
        writer.write(
            b"PUT /containers/c1/archive?path=/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + bytes(512)
        )

        async def trickle() -> None:
            while True:
                writer.write(b"\0")
                await asyncio.sleep(0.05)

        trickling = asyncio.create_task(trickle())
        await asyncio.sleep(0.2)
        begun = time.monotonic()
        shut = await wire.gate.shut(0.3)
        assert time.monotonic() - begun < 2
        assert "copy into a container was still under way" in shut.cancelled[0]
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 503")
        trickling.cancel()
        writer.close()

    on_the_wire(tmp_path, play, until_eof)


def test_content_that_is_not_complete_is_no_request_yet(tmp_path: Path) -> None:
    """Half a body and half a head keep no check waiting, and what they become has to wait itself."""

    async def play(wire: Wire) -> None:
        _, half = await wire.connect()
        half.write(b"GET /_ping HTT")
        reader, writer = await wire.connect()
        writer.write(
            b"POST /volumes/create HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{"
        )
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        assert await wire.gate.shut(5) == gate.Shut((), ())
        assert time.monotonic() - begun < 1
        writer.write(b"}")
        half.write(b"P/1.1\r\nHost: a\r\n\r\n")
        await asyncio.sleep(0.2)
        assert wire.got == []
        await wire.gate.open()
        await reader.readuntil(b"OK")
        half.close()
        writer.close()

    on_the_wire(tmp_path, play)


@pytest.mark.parametrize(
    ("what", "name"),
    [("rename?name=b", "rename of a container"), ("update", "change of a container's settings")],
)
def test_what_a_container_cannot_do_to_itself_is_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, name: str
) -> None:
    """A new name or limit that the Engine may give later leaves it not at rest, unlike a start or stop."""
    monkeypatch.setattr(gate, "SETTLE_TIMEOUT", 0.3)
    content = b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    request = f"POST /containers/c1/{what} HTTP/1.1\r\nHost: a\r\n".encode() + content

    async def play(wire: Wire) -> None:
        waiting = asyncio.create_task(talk(wire, request))
        await asyncio.sleep(0.1)
        for _ in range(2):
            assert f"busy with a {name}" in (await wire.gate.shut(0.1)).left[0]
            await wire.gate.open()
        assert b"503" in await waiting

    on_the_wire(tmp_path, play, deaf)


def test_work_that_does_not_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then no check may run. What happens to one container only is left alone, and not waited for twice."""
    monkeypatch.setattr(gate, "SETTLE_TIMEOUT", 0.3)

    async def play(wire: Wire) -> None:
        start = asyncio.create_task(talk(wire, START))
        await asyncio.sleep(0.1)
        assert (await wire.gate.shut(0.1)).left == ()
        assert b"503" in await start
        await wire.gate.open()
        begun = time.monotonic()
        assert await wire.gate.shut(5) == gate.Shut((), ())
        assert time.monotonic() - begun < 1
        await wire.gate.open()
        commit = asyncio.create_task(talk(wire, b"POST /commit?container=c1 HTTP/1.1\r\nHost: a\r\n\r\n"))
        await asyncio.sleep(0.1)
        for _ in range(2):
            assert "busy with a commit" in (await wire.gate.shut(0.1)).left[0]
            await wire.gate.open()
        assert b"503" in await commit

    on_the_wire(tmp_path, play, deaf)


def test_a_client_that_goes_away_ends_its_work(tmp_path: Path) -> None:
    """After a complete upload too; and the next check waits until the Engine has ended it."""
    heard = asyncio.Event()
    done = asyncio.Event()

    async def works(reader: Reader, writer: Writer) -> None:
        assert (await reader.readuntil(b"0\r\n\r\n")).endswith(bytes(1024) + b"\r\n0\r\n\r\n")
        assert await reader.read() == b""
        heard.set()
        await asyncio.sleep(0.4)
        done.set()

    async def play(wire: Wire) -> None:
        _, writer = await wire.connect()
        # docker-py pads a context to 10240 bytes. What is behind the end of the archive is not sent on.
        writer.write(BUILD + b"2800\r\n" + bytes(10240) + b"\r\n0\r\n\r\n")
        await asyncio.sleep(0.1)
        writer.close()
        await heard.wait()
        assert await wire.gate.shut(5) == gate.Shut((), ())
        assert done.is_set()

    on_the_wire(tmp_path, play, works)


def test_streams_stand_still_in_both_directions(tmp_path: Path) -> None:
    """Nothing is lost: what either side said meanwhile arrives afterwards."""

    async def echoes(reader: Reader, writer: Writer) -> None:
        assert await reader.readexactly(2) == b"{}"
        writer.write(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
        while piece := await reader.read(100):
            heard.append(piece)
            writer.write(piece)

    heard: list[bytes] = []

    async def play(wire: Wire) -> None:
        reader, writer = await wire.connect()
        writer.write(
            b"POST /exec/0123456789ab/start HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
            b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        )
        await reader.readuntil(b"\r\n\r\n")
        for number in range(10):
            assert await wire.gate.shut(5) == gate.Shut((), ())
            writer.write(b"%d" % number)
            await asyncio.sleep(0.05)
            assert len(heard) == number
            await wire.gate.open()
            assert await reader.read(1) == b"%d" % number
        writer.close()

    on_the_wire(tmp_path, play, echoes)


def test_a_question_that_was_open_is_asked_again(tmp_path: Path) -> None:
    """The Engine's answer may tell of what the examiner did: the client gets one from after the check."""
    asked = 0

    async def counts(reader: Reader, writer: Writer) -> None:
        nonlocal asked
        asked += 1
        answer = b"during" if asked == 1 else b"after!"
        await asyncio.sleep(0.2)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n" + answer)

    async def play(wire: Wire) -> None:
        reader, writer = await wire.connect()
        writer.write(b"GET /containers/json?all=1 HTTP/1.1\r\nHost: a\r\n\r\n")
        await asyncio.sleep(0.1)
        await wire.gate.shut(5)
        await asyncio.sleep(0.3)
        await wire.gate.open()
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(6) == b"after!"
        writer.close()

    assert len(on_the_wire(tmp_path, play, counts)) == 2


def test_a_build_of_buildkits_has_ended_when_no_cache_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection is cut, which proves nothing: the gate counts as shut when BuildKit says so."""
    monkeypatch.setattr(gate, "SETTLE_TIMEOUT", 0.5)

    async def builds(reader: Reader, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
        assert await reader.read() == b""

    async def play(wire: Wire) -> None:
        reader, writer = await wire.connect()
        writer.write(b"POST /grpc HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        wire.cache = b'{"BuildCache": [{"InUse": true}]}'
        shut = await wire.gate.shut(0.1)
        assert "build was still under way" in shut.cancelled[0]
        assert "busy with a build" in shut.left[0]
        assert await reader.read() == b""
        await wire.gate.open()
        wire.cache = b'{"BuildCache": [{"InUse": false}]}'
        assert await wire.gate.shut(0.1) == gate.Shut((), ())
        writer.close()

    on_the_wire(tmp_path, play, builds)


def event(what: str, actor: str, at: int, kind: str = "container", **attributes: str) -> bytes:
    """An event as the Engine sends it."""
    found = {"Type": kind, "Action": what, "Actor": {"ID": actor, "Attributes": attributes}, "timeNano": at}
    return json.dumps(found).encode() + b"\n"


def test_what_was_planted_for_the_student_is_the_students(tmp_path: Path) -> None:
    """While a set-up is planted the gate is shut; afterwards all is as if the student had made it, checks aside."""

    async def engine(reader: Reader, writer: Writer) -> None:
        writer.write(PROGRESS)

    async def play(wire: Wire) -> None:
        ledger = wire.gate.ledger
        seen = []

        def happen(what: str, actor: str) -> None:
            found = json.loads(event(what, actor, time.time_ns()))
            ledger.note(found)
            seen.append(found)

        for planted, actor in ((False, "helper"), (True, "job"), (False, "second helper")):
            await wire.gate.shut(1)
            happen("create", actor)
            happen("kill", actor)
            await wire.gate.open(planted=planted)
        shown = [(each["Action"], each["Actor"]["ID"]) for each in seen if ledger.shows(each)]
        assert shown == [("create", "job"), ("kill", "job")]
        assert [ledger.is_examiners(name) for name in ("helper", "job", "second helper")] == [True, False, True]

    on_the_wire(tmp_path, play, engine)


def test_events_of_a_check_are_not_heard(tmp_path: Path) -> None:
    """Live ones are held back and sorted out; of the examiner's objects and commands none is ever heard of."""
    hidden = "0123456789abcdef" * 4
    tell: asyncio.Queue[bytes] = asyncio.Queue()

    async def engine(reader: Reader, writer: Writer) -> None:
        writer.write(PROGRESS)
        while line := await tell.get():
            writer.write(b"%x\r\n%b\r\n" % (len(line), line))
        writer.write(b"0\r\n\r\n")

    async def play(wire: Wire) -> None:
        record = wire.gate.ledger
        reader, writer = await wire.connect()
        writer.write(b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n")

        def happen(what: str, actor: str, kind: str = "container", **attributes: str) -> None:
            line = event(what, actor, time.time_ns(), kind, **attributes)
            record.note(json.loads(line))
            tell.put_nowait(line)

        happen("create", "own")
        await reader.readuntil(b'"create"')
        await wire.gate.shut(1)
        happen("create", "helper")
        happen("start", "helper")
        happen("exec_create: sh -c secret", "own", execID=hidden)
        happen("kill", "own")
        happen("die", "own")
        happen("tag", "sha256:1", "image")
        happen("disconnect", "n1", "network", container="own")
        happen("connect", "n1", "network", container="helper")
        happen("create", "hidden", "network")
        happen("connect", "hidden", "network", container="own")
        happen("connect", "unknown yet", "network", container="own")
        await asyncio.sleep(0.1)
        happen("create", "unknown yet", "network")
        await asyncio.sleep(0.1)
        await wire.gate.open()
        happen("exec_die", "own", execID=hidden)
        happen("destroy", "helper")
        happen("destroy", "own")
        rest = await reader.readuntil(b'"destroy"')
        rest += await reader.readuntil(b"\n")
        lines = [json.loads(line) for line in rest.splitlines() if line.startswith(b"{")]
        assert [(line["Action"], line["Actor"]["ID"]) for line in lines] == [
            ("die", "own"),
            ("disconnect", "n1"),
            ("destroy", "own"),
        ]
        writer.close()
        known = len(wire.got)
        answer = await talk(wire, f"GET /exec/{hidden}/json HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 404")
        assert len(wire.got) == known

    on_the_wire(tmp_path, play, engine)
