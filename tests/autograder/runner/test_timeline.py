"""The time line is read from logs that may be cut, full or strange, and stays short."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.runner import timeline


def line(**changes: object) -> str:
    """One line of the gateway's log."""
    entry = {"time": 102.5, "method": "POST", "path": "/v1.51/containers/create", "decision": "allowed"}
    return json.dumps({**entry, "reason": "", "status": 201, **changes})


def test_requests_that_change_something_or_were_refused(tmp_path: Path) -> None:
    """Questions are left out, unless they were refused; versions and long ids are shortened."""
    log = tmp_path / "audit.jsonl"
    start = f"/v1.51/containers/{'0123456789ab' + 52 * 'c'}/start"
    log.write_text(
        "\n".join(
            [
                line(),
                line(method="GET", path="/v1.51/containers/json", status=200),
                line(time=103, path=start, status=204),
                line(method="GET", path="/debug", status=403, decision="refused", reason="Not here."),
                "{cut",
            ]
        )
    )
    found = list(timeline.requests(100.0, [log, tmp_path / "missing"]))
    assert [(entry.seconds, entry.action, entry.outcome, entry.refused) for entry in found] == [
        (2.5, "POST /containers/create", "201", False),
        (3.0, "POST /containers/0123456789ab/start", "204", False),
        (2.5, "GET /debug", "403: Not here.", True),
    ]


def test_what_a_student_writes_is_bounded(tmp_path: Path) -> None:
    """A path of any length takes one short line, and the time line ends after a thousand."""
    log = tmp_path / "audit.jsonl"
    log.write_text(line(path="/" + "x" * 5000) + "\n" + "\n".join([line()] * 3000))
    entries = list(timeline.requests(0, [log]))
    assert max(len(entry.action) for entry in entries) <= 200
    kept = timeline.cut(entries)
    assert len(kept) == timeline.MAX_ENTRIES + 1
    assert kept[-1].action == "… and 2001 more"
