"""Reads a record of events, after making sure that it has caught up with the Engine."""

from __future__ import annotations

import json
import os
import secrets
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import docker
from docker.errors import APIError
from requests.exceptions import RequestException

from course.errors import EngineSilent, RecorderSilent
from course.record.home import directory_of

VARIABLE: Final = "DOCKER_COURSE_RECORD"
PATIENCE: Final = 6.0
"""Seconds that a record is waited for. It is there within milliseconds, unless very much is going on."""
IMPATIENCE: Final = 0.5
"""The same after it was waited for in vain: a check reads the record several times, and its own time is limited."""
STILL: Final = 5.0
"""Seconds without a sign of the recorder, after which it counts as dead."""
_SECOND: Final = 1e9


@dataclass(frozen=True)
class EventRecord:
    """What is known of the Engine's past. Times in seconds since 1970, by the Engine's clock."""

    lines: tuple[dict[str, Any], ...] = ()
    """Events in the Engine's form, in the order of their time."""
    more: frozenset[tuple[str, str, str]] = frozenset()
    """Type, ID and action of which there were more events than are kept."""
    spans: tuple[tuple[float, float], ...] = ()
    """From when to when nothing is missing, the oldest first, none touching the next."""
    complete: bool = False
    """It is the record of a sandbox, from the Engine's start on: what it does not know did not happen."""
    problem: str = ""
    """Why it is not complete in spite of that; a sentence."""


@dataclass
class _File:
    """A file of a record that is read bit by bit."""

    path: Path
    offset: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)

    def update(self) -> _File:
        """Read what has been added."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            new = file.read()
        new = new[: new.rfind(b"\n") + 1]
        self.offset += len(new)
        for text in new.splitlines():
            line = json.loads(text)
            (self.marks if "mark" in line else self.lines).append(line)
        return self

    @property
    def seen(self) -> float:
        """The time up to which the recorder has read, in seconds; 0 if it has not begun."""
        try:
            return int(self.path.with_suffix(".seen").read_bytes() or 0) / _SECOND
        except (OSError, ValueError):
            return 0.0

    def times(self, mark: str) -> list[float]:
        return [found["time"] / _SECOND for found in self.marks if found["mark"] == mark]


_files: dict[Path, _File] = {}
_late: set[Path] = set()


def read(client: docker.DockerClient) -> EventRecord:
    """Return the record of this Engine, with all that has happened up to now.

    Without a recorder it is what the Engine remembers.

    Raises:
        EngineSilent: the Engine does not answer.
        RecorderSilent: in grading, the recorder writes nothing although the Engine answers.
    """
    given = os.environ.get(VARIABLE)
    if given == "":
        return remembered(client)
    if given is None:
        return _at_home(client)
    in_time = _catch_up(client, Path(given), time.time(), STILL)
    if in_time is None:
        raise RecorderSilent("The recorder of the Engine's events does not write.")
    found = merged(_read(Path(given)))
    return replace(found, complete=True, problem=found.problem if in_time else _LATE)


def _at_home(client: docker.DockerClient) -> EventRecord:
    try:
        about = client.info()
    except RequestException as error:
        raise EngineSilent(f"The Docker Engine does not answer: {error}") from error
    directory = directory_of(about)
    in_time = _catch_up(client, directory, _system_time(about), still=1.0)
    return merged([*_read(directory), *([] if in_time else [remembered(client)])])


_LATE: Final = "So many events were caused that they could not be written down in time."
_CROWD: Final = "So many events were caused at once that the Engine did not report all of them."
_FULL: Final = "So many events were caused that they are not all kept."


def remembered(client: docker.DockerClient) -> EventRecord:
    """Return what the Engine remembers by itself: its last 256 events."""
    now = _system_time(client.info())
    lines = list(client.api.events(since="1", until=f"{now:.9f}", decode=True))
    oldest = min((line["timeNano"] / _SECOND for line in lines), default=now)
    return EventRecord(tuple(lines), spans=((oldest, now),))


def _system_time(about: dict[str, Any]) -> float:
    """Return the Engine's time, which need not be this machine's: it may be in a virtual machine."""
    from course.facts.values import when  # facts stand above the record

    return when(about["SystemTime"]) or time.time()


def _read(directory: Path) -> list[EventRecord]:
    records = []
    for path in sorted(directory.glob("*.jsonl")):
        try:
            file = _files.setdefault(path, _File(path)).update()
        except OSError:
            continue  # an old one, just removed
        records.append(_record(file))
    return records


def _record(file: _File) -> EventRecord:
    crowds, full = file.times("crowd"), file.times("full")
    begin, end = min(file.times("since"), default=file.seen), min([file.seen, *full])
    edges = [begin, *(time for crowd in crowds for time in (crowd, crowd + 2)), end]
    spans = tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a <= b)
    more = frozenset((m["Type"], m["ID"], m["Action"]) for m in file.marks if m["mark"] == "more")
    return EventRecord(tuple(file.lines), more, spans, problem=_FULL if full else _CROWD if crowds else "")


def merged(records: list[EventRecord]) -> EventRecord:
    """Return what several records know together, each event once."""
    lines = {
        (line["timeNano"], line["Type"], line["Action"], line["Actor"]["ID"]): line
        for record in records
        for line in record.lines
    }
    spans: list[tuple[float, float]] = []
    for begin, end in sorted(span for record in records for span in record.spans):
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((begin, end))
    return EventRecord(
        tuple(lines[key] for key in sorted(lines, key=lambda key: key[0])),
        frozenset().union(*(record.more for record in records)),
        tuple(spans),
        problem=next((record.problem for record in records if record.problem), ""),
    )


def _catch_up(client: docker.DockerClient, directory: Path, asked: float, still: float) -> bool | None:
    """Wait until the record holds an event that is made now, and so all before it.

    Return False if that takes too long, and None if nothing at all has been written for ``still`` seconds.
    """
    deadline = time.monotonic() + (IMPATIENCE if directory in _late else PATIENCE)
    _late.add(directory)
    try:
        while not _make_event(client) and time.monotonic() < deadline:
            time.sleep(0.05)
    except RequestException as error:
        raise EngineSilent(f"The Docker Engine does not answer: {error}") from error
    seen, since = 0.0, time.monotonic()
    while time.monotonic() < deadline:
        now = max((_File(path).seen for path in directory.glob("*.jsonl")), default=0.0)
        if now >= asked:
            _late.discard(directory)
            return True
        if now > seen:
            seen, since = now, time.monotonic()
        elif time.monotonic() > since + still:
            return None
        time.sleep(0.001)
    return False


def _make_event(client: docker.DockerClient) -> bool:
    """Have the Engine report an event that changes nothing, and needs no disk: the removal of no network at all."""
    try:
        client.api.prune_networks(filters={"label": [f"docker-course.none={secrets.token_hex(8)}"]})
    except APIError as error:
        if error.status_code == 409:  # somebody else's removal is under way
            return False
        raise
    return True
