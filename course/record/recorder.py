#!/usr/bin/python3 -IS
"""Write down what the Engine does while it does it: the Engine itself remembers its last 256 events only.

Usage: recorder.py SOCKET DIRECTORY     (records into DIRECTORY until the Engine ends; for a sandbox)

Only the standard library, so that it is there as soon as the Engine is. `course.record.home` uses the same `Journal` on
a student's own machine.

The record is two files. ``NAME.jsonl`` has a line for each event, in the Engine's own form but with only those
attributes that a check reads, and marks (``{"mark": …, "time": …}``; times in nanoseconds since 1970):

- ``since``: from here on nothing is missing, unless a mark says so;
- ``more``: no more than `MAX_OF_A_KIND` events of one action of one object are kept, and here is one more; of the
  commands that are run inside a container (``exec_create``) the first `MAX_COMMANDS` are kept, without such a mark;
- ``full``: no more than `MAX_BYTES` are kept in all, and that is reached;
- ``crowd``: so many events were under way that the Engine may have left some out.

``NAME.seen`` has the time of the newest event that has been read, whether it was kept or not.

The Engine gives each listener a queue of 1,024 events, and leaves an event out for a listener whose queue stays full
for 100 ms (``bufferSize``, ``PublishMessage`` in moby's ``daemon/events/events.go``). When that happens, all events of
the queue are older than the moment, and none of them has been read. So if every event was read before the 1,023rd after
it happened, nothing was left out; otherwise there is a mark.
"""

from __future__ import annotations

import json
import os
import re
import socket
import sys
import time
from collections import Counter, deque
from typing import Any, Final

MAX_OF_A_KIND: Final = 1000
"""Events that are kept of one action of one object."""
MAX_COMMANDS: Final = 50
"""Commands run inside a container that are kept. A health check runs one every few seconds, for ever."""
MAX_BYTES: Final = 32 << 20
"""Size of a record; some 70,000 events."""
MAX_LINE: Final = 1 << 20
"""Size of an event whose attributes are read. The Engine copies all labels of a container into each of its events."""
MAX_VALUE: Final = 2048
"""Characters that are kept of an attribute."""
QUEUE: Final = 1024
"""Events that the Engine holds for a listener."""

ATTRIBUTES: Final = frozenset(
    {
        *("name", "image", "signal", "exitCode", "imageID", "oldName", "container", "destination"),
        *(f"com.docker.compose.{key}" for key in ("project", "service", "oneoff", "project.config_files")),
    }
)
"""The attributes that are kept: what the Engine says of an event, and what Compose says of a container."""

_TEXT: Final = rb'"((?:[^"\\]|\\.)*)"'
_HEAD: Final = re.compile(rb'"Type":%b,"Action":%b,"Actor":{"ID":%b' % (_TEXT, _TEXT, _TEXT))
"""The beginning of an event, before any text that a label could put there."""
_STAMP: Final = re.compile(rb'"timeNano":(\d+)}\s*$')
_CROWD_EVERY: Final = 10**9


class Journal:
    """A record that is being written.

    Args:
        path: the files' path without the ending.
        since: from when on nothing is missing, in nanoseconds since 1970; earlier still if the Engine remembers more.
        least_lag: the least time, in nanoseconds, between an event and its reading; 0 where one clock tells both.
    """

    def __init__(self, path: str, since: int, least_lag: float = float("inf"), max_bytes: int = MAX_BYTES) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0)
        self._seen_file = os.open(f"{path}.seen", flags, 0o600)
        self._file = os.open(f"{path}.jsonl", flags, 0o600)
        self._since = since
        self._least_lag = least_lag
        self.room = max_bytes
        """Bytes that it may still grow by; below 0 nothing more is kept."""
        self._rest = bytearray()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._read: deque[int] = deque(maxlen=QUEUE - 1)
        self._crowded = 0
        self.seen = since
        """Time of the newest event that has been read, in nanoseconds since 1970."""
        self._write([_mark("since", since)])
        self._note_seen()

    @property
    def between_events(self) -> bool:
        """Whether the last event that came is whole."""
        return not self._rest

    def take(self, data: bytes, now: int) -> None:
        """Read what came from the Engine at the time ``now`` (nanoseconds since 1970): events, one a line."""
        *lines, rest = data.split(b"\n")
        out: list[bytes] = []
        for line in lines:
            if self._rest:
                line, self._rest = bytes(self._rest + line), bytearray()
            if line.strip():
                self._event(line, now, out)
        self._rest += rest
        if len(self._rest) > 2 * MAX_LINE:  # its beginning and its end are enough
            del self._rest[MAX_LINE:-64]
        if out:
            self._write(out)
        if lines:
            self._note_seen()

    def close(self) -> None:
        """End the record."""
        os.close(self._file)
        os.close(self._seen_file)

    def _event(self, line: bytes, now: int, out: list[bytes]) -> None:
        head, stamp = _HEAD.search(line, 0, MAX_LINE), _STAMP.search(line, max(0, len(line) - 64))
        if head is None or stamp is None:
            return  # not an event: an error of the Engine's
        time = int(stamp[1])
        self._watch_queue(time, now, out)
        kind, action, id = (_plain(text) for text in head.groups())
        if time < self._since:  # the Engine remembered it
            self._since = time
            out.append(_mark("since", time))
        self.seen = max(self.seen, time)
        key = (kind, id, action.partition(":")[0])
        self._counts[key] += 1
        # Three events tell of each command: one is enough. No verdict needs to know that there were no more.
        command = key[2].startswith("exec_")
        if self.room < 0 or (command and (key[2] != "exec_create" or self._counts[key] > MAX_COMMANDS)):
            return
        if self._counts[key] > MAX_OF_A_KIND + 1:
            return
        if self._counts[key] > MAX_OF_A_KIND:
            made = _mark("more", time, Type=kind, ID=id, Action=key[2])
        else:
            attributes = _attributes(line) if len(line) <= MAX_LINE else {}
            made = _line(Type=kind, Action=action, Actor={"ID": id, "Attributes": attributes}, timeNano=time)
        self.room -= len(made)
        out.append(made if self.room >= 0 else _mark("full", time))

    def _watch_queue(self, time: int, now: int, out: list[bytes]) -> None:
        self._least_lag = min(self._least_lag, now - time)
        waiting = len(self._read) == QUEUE - 1 and time + self._least_lag <= self._read[0]
        if waiting and time > self._crowded + _CROWD_EVERY:
            self._crowded = time
            out.append(_mark("crowd", time))
        self._read.append(now)

    def _write(self, lines: list[bytes]) -> None:
        _write_all(self._file, b"".join(lines))

    def _note_seen(self) -> None:
        os.lseek(self._seen_file, 0, os.SEEK_SET)
        _write_all(self._seen_file, b"%020d\n" % self.seen)


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _attributes(line: bytes) -> dict[str, str]:
    try:
        found = json.loads(line)["Actor"]["Attributes"] or {}
    except (ValueError, LookupError, TypeError):
        return {}
    return {
        key: value if len(value) <= MAX_VALUE else value[:MAX_VALUE] + "…"
        for key, value in found.items()
        if key in ATTRIBUTES and isinstance(value, str)
    }


def _plain(text: bytes) -> str:
    """Return a JSON text without its quotes as Python's, cut; one that is cut within an escape keeps its escapes."""
    text = text[:MAX_VALUE]
    try:
        return str(json.loads(b'"%b"' % text))
    except ValueError:
        return text.decode("utf-8", "replace")


def _line(**values: Any) -> bytes:
    return json.dumps(values, separators=(",", ":")).encode() + b"\n"


def _mark(what: str, time: int, **more: str) -> bytes:
    return _line(mark=what, time=time, **more)


def main(path: str, directory: str) -> None:
    """Record everything that the Engine behind the socket ``path`` does, from its start to its end."""
    while True:
        try:
            engine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            engine.connect(path)
            # HTTP/1.0: the answer is the events, without a frame around them.
            engine.sendall(b"GET /events?since=1 HTTP/1.0\r\nHost: engine\r\n\r\n")
            answer = engine.recv(1 << 16)
            if b" 200 " in answer.partition(b"\r\n")[0]:
                break
        except OSError:
            pass  # it is not there yet
        engine.close()
        time.sleep(0.005)
    while b"\r\n\r\n" not in answer:
        answer += engine.recv(1 << 16) or sys.exit("The Engine broke its answer off.")
    journal = Journal(os.path.join(directory, "engine"), since=0, least_lag=0)  # noqa: PTH118 - pathlib costs start time
    data = answer.partition(b"\r\n\r\n")[2]
    while True:
        journal.take(data, time.time_ns())
        data = engine.recv(1 << 20)
        if not data:
            sys.exit("The Engine has ended.")


if __name__ == "__main__":
    main(*sys.argv[1:])
