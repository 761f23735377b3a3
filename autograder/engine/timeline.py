"""The run's time line: what the student asked of the Engine, and what the Engine did, in one order.

Requests come from the gateway's log, which the student can neither read nor write; events from the Engine itself,
which keeps the latest few hundred.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autograder.results import Moment

AUDIT = (Path("/run/gateway/audit.jsonl"), Path("/run/gateway/audit-latest.jsonl"))
MOST = 1000
"""Moments that are kept, the earliest: a page of more would be read by nobody."""

VERSION = re.compile(r"^/v\d+\.\d+(?=/)")
LONG_ID = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")


def read(started: float) -> tuple[Moment, ...]:
    """The time line since ``started``, in seconds since the epoch; what cannot be read is left out."""
    moments = sorted([*requests(started, AUDIT), *events(started)], key=lambda moment: moment.seconds)
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


def events(started: float) -> Iterator[Moment]:
    """The Engine's events."""
    import docker
    from requests.exceptions import RequestException

    try:
        client = docker.APIClient(base_url="unix:///run/engine/docker.sock", version="auto", timeout=5)
        with client:
            for event in client.events(since=int(started), until=f"{time.time():.6f}", decode=True):
                yield _event(event, started)
    except (docker.errors.DockerException, RequestException):
        return  # an Engine that no longer answers has nothing more to say


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
