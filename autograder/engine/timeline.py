"""The run's time line: what the student asked of the Engine, and what the Engine did, in one order.

Requests come from the gateway's log, which the student can neither read nor write; events from the Engine itself. The
Engine keeps only the latest 256 of them, so they are written down as they come.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.results import Moment

AUDIT = (Path("/run/gateway/audit.jsonl"), Path("/run/gateway/audit-latest.jsonl"))
MOST = 1000
"""Moments that are kept, the earliest: a page of more would be read by nobody."""

VERSION = re.compile(r"^/v\d+\.\d+(?=/)")
LONG_ID = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")


class Timeline:
    """Records a run, as a context manager; ``moments`` gives what happened in it."""

    def __enter__(self) -> Timeline:
        self._started = time.time()
        self._events: list[Moment] = []
        self._stream: Any = None
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError, AttributeError):  # there is no stream if the Engine never answered
            self._stream.close()
        self._thread.join(timeout=1)

    def _listen(self) -> None:
        import docker
        from requests.exceptions import RequestException

        with contextlib.suppress(docker.errors.DockerException, RequestException, OSError, ValueError):
            client = docker.APIClient(base_url="unix:///run/engine/docker.sock", version="auto", timeout=None)
            self._stream = client.events(since=f"{self._started:.6f}", decode=True)
            for event in self._stream:
                if len(self._events) < MOST:
                    self._events.append(_event(event, self._started))

    def moments(self, notebook: Any) -> tuple[Moment, ...]:
        """Requests and events in the order of their time; the earliest, if there are very many.

        Left out is what happened in the Engine while a grade cell of the executed ``notebook`` ran: a student who
        may hand in again would read there what a hidden test does.
        """
        checks = [(begin - self._started, end - self._started) for begin, end in grading_times(notebook)]
        events = [
            event for event in self._events if not any(begin <= event.seconds <= end for begin, end in checks)
        ]
        found = [*requests(self._started, AUDIT), *events]
        return cut(sorted(found, key=lambda moment: moment.seconds))


def grading_times(notebook: Any) -> Iterator[tuple[float, float]]:
    """When each grade cell began and ended, in seconds since the epoch, as papermill wrote it down."""
    for cell in notebook["cells"]:
        times = cell["metadata"].get("papermill", {})
        if (
            cell["metadata"].get("nbgrader", {}).get("grade")
            and times.get("start_time")
            and times.get("end_time")
        ):
            begin, end = (datetime.fromisoformat(times[key]) for key in ("start_time", "end_time"))
            yield begin.timestamp(), end.timestamp()


def cut(moments: list[Moment]) -> tuple[Moment, ...]:
    """The first ``MOST`` moments, and a line that says how many more there were."""
    if len(moments) > MOST:
        more = f"… and {len(moments) - MOST} more"
        moments[MOST:] = [Moment(seconds=moments[MOST].seconds, who="engine", what=more)]
    return tuple(moments)


def requests(started: float, paths: Iterable[Path]) -> Iterator[Moment]:
    """The student's requests that change something or were refused; mere questions are too many to read."""
    for path in paths:
        if not path.is_file():
            continue
        for line in path.read_bytes().splitlines():
            try:
                entry = json.loads(line)
                refused = entry["decision"] != "allowed"
                if refused or entry["method"] not in ("GET", "HEAD"):
                    yield Moment(
                        seconds=max(0.0, float(entry["time"]) - started),
                        who="student",
                        what=_short(f"{entry['method']} {VERSION.sub('', str(entry['path']))}"),
                        answer=_short(f"{entry['status']}{': ' + entry['reason'] if refused else ''}"),
                        refused=refused,
                    )
            except (ValueError, KeyError, TypeError):
                continue  # the last line of a log that was full


def _event(event: dict[str, Any], started: float) -> Moment:
    actor = event.get("Actor") or {}
    attributes = actor.get("Attributes") or {}
    name = attributes.get("name") or actor.get("ID", "")
    detail = "".join(f", {key} {attributes[key]}" for key in ("signal", "exitCode") if key in attributes)
    return Moment(
        seconds=max(0.0, event.get("timeNano", 0) / 1e9 - started),
        who="engine",
        what=_short(f"{event.get('Type')} {event.get('Action')} {name}{detail}"),
    )


def _short(text: str, most: int = 200) -> str:
    text = LONG_ID.sub(r"\1", text)
    return text if len(text) <= most else text[: most - 1] + "…"
