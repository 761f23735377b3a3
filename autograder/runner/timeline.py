"""The time line of a run: the student's requests and the Engine's events in one order.

Requests come from the gateway's log, events from the recorder's: the student can neither read nor write them.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.results import TimelineEntry
from autograder.runner.roles import RECORD

AUDIT = (Path("/run/gateway/audit.jsonl"), Path("/run/gateway/audit-latest.jsonl"))
MAX_ENTRIES = 1000
"""Entries that are kept, the earliest: a page of more would be read by nobody."""

VERSION = re.compile(r"^/v\d+\.\d+(?=/)")
LONG_ID = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")


class Timeline:
    """What happens from now on."""

    def __init__(self) -> None:
        self._started = time.time()

    def entries(self, notebook: Any) -> tuple[TimelineEntry, ...]:
        """Return requests and events in the order of their time; the earliest, if there are very many.

        Left out is what happened in the Engine while a grade cell of the executed ``notebook`` ran: a student who
        may hand in again would read there what a hidden test does.
        """
        checks = [(begin - self._started, end - self._started) for begin, end in grading_times(notebook)]
        events = [
            event
            for event in recorded(self._started, RECORD / "engine.jsonl")
            if not any(begin <= event.seconds <= end for begin, end in checks)
        ]
        found = [*requests(self._started, AUDIT), *events]
        return cut(sorted(found, key=lambda entry: entry.seconds))


def grading_times(notebook: Any) -> Iterator[tuple[float, float]]:
    """When each grade cell began and ended, in seconds since the epoch, as papermill wrote it down."""
    for cell in notebook["cells"]:
        times = cell["metadata"].get("papermill", {})
        if cell["metadata"].get("nbgrader", {}).get("grade") and times.get("start_time") and times.get("end_time"):
            begin, end = (datetime.fromisoformat(times[key]) for key in ("start_time", "end_time"))
            yield begin.timestamp(), end.timestamp()


def cut(entries: list[TimelineEntry]) -> tuple[TimelineEntry, ...]:
    """Return the first ``MAX_ENTRIES`` entries, and a line that says how many more there were."""
    if len(entries) > MAX_ENTRIES:
        more = f"… and {len(entries) - MAX_ENTRIES} more"
        entries[MAX_ENTRIES:] = [TimelineEntry(seconds=entries[MAX_ENTRIES].seconds, actor="engine", action=more)]
    return tuple(entries)


def requests(started: float, paths: Iterable[Path]) -> Iterator[TimelineEntry]:
    """Return the student's requests that change something or were refused; mere questions are too many to read."""
    for path in paths:
        if not path.is_file():
            continue
        for line in path.read_bytes().splitlines():
            try:
                entry = json.loads(line)
                refused = entry["decision"] != "allowed"
                if refused or entry["method"] not in ("GET", "HEAD"):
                    yield TimelineEntry(
                        seconds=max(0.0, float(entry["time"]) - started),
                        actor="student",
                        action=_short(f"{entry['method']} {VERSION.sub('', str(entry['path']))}"),
                        outcome=_short(f"{entry['status']}{': ' + entry['reason'] if refused else ''}"),
                        refused=refused,
                    )
            except (ValueError, KeyError, TypeError):
                continue  # the last line of a log that was full


def recorded(started: float, path: Path) -> Iterator[TimelineEntry]:
    """Return the Engine's events since ``started``; of one kind that was not kept whole, a line that says so."""
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        event = json.loads(line)
        what, seconds = _event(event), event.get("timeNano", event.get("time")) / 1e9 - started
        if what and seconds >= 0:
            yield TimelineEntry(seconds=seconds, actor="engine", action=_short(what))


def _event(line: dict[str, Any]) -> str:
    """Return a line of the record as a sentence, or nothing if it is no news; see `course.record.recorder`."""
    if line.get("mark") == "more":
        return f"more than 1000 times: {line['Type']} {line['Action']} {line['ID']}"
    if "mark" in line:
        return "" if line["mark"] == "since" else "more events than can be written down"
    attributes = line["Actor"]["Attributes"]
    name = attributes.get("name") or line["Actor"]["ID"]
    detail = "".join(f", {key} {attributes[key]}" for key in ("signal", "exitCode") if key in attributes)
    return f"{line['Type']} {line['Action']} {name}{detail}"


def _short(text: str, most: int = 200) -> str:
    text = LONG_ID.sub(r"\1", text)
    return text if len(text) <= most else text[: most - 1] + "…"
