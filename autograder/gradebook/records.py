"""Records of graded submissions: verdict, reason, findings and time.

nbgrader's gradebook has no place for a verdict. ``results/<part>.jsonl`` in the course directory has: one
JSON line for each time a submission was graded, the last line of a student counts. A line that was cut off by
a crash is skipped.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, ValidationError

from autograder.results import CellResult, Execution, Facts, Timings, Verdict


class Record(Facts):
    """One graded submission."""

    student: str
    part: str
    verdict: Verdict
    reason: str = ""
    cells: tuple[CellResult, ...] = ()
    notes: dict[str, str] = Field(default_factory=dict)
    """What had to be put right in the submission, one sentence for each ``grade_id``."""
    seconds: float = 0.0
    timings: Timings = Timings()
    run: str = ""
    seed: str = ""
    """Random values of the run: with them it can be repeated."""
    digest: str = ""
    """SHA-256 of the notebook that was executed: the same digest means there is nothing new to grade."""
    at: str = ""
    """When the record was made, ISO 8601 in UTC."""

    @property
    def score(self) -> float | None:
        """Points in all; None where no mark was given."""
        if not self.verdict.gives_mark:
            return None
        return sum(cell.points for cell in self.cells)

    @classmethod
    def of(cls, execution: Execution, student: str, part: str, notes: dict[str, str], digest: str = "") -> Record:
        """Return the record of an execution, made now."""
        return cls(
            student=student,
            part=part,
            verdict=execution.verdict,
            reason=execution.reason,
            cells=execution.cells,
            notes=notes,
            seconds=execution.seconds,
            timings=execution.timings,
            run=execution.run,
            seed=execution.seed,
            digest=digest,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )


def records_path(root: Path, part: str) -> Path:
    """Where the records of a part are in a course directory."""
    return root / "results" / f"{part}.jsonl"


def append_record(root: Path, record: Record) -> None:
    """Add a line, in one write that has reached the disk when this returns."""
    path = records_path(root, record.part)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = record.model_dump_json().encode() + b"\n"
    with path.open("ab+") as file:
        if file.tell() and _last_byte(path) != b"\n":
            line = b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def read_records(root: Path, part: str) -> dict[str, Record]:
    """Return the last record of each student, by name; empty if nothing was graded yet."""
    records: dict[str, Record] = {}
    path = records_path(root, part)
    if path.is_file():
        for line in path.read_bytes().splitlines():
            try:
                record = Record.model_validate_json(line)
            except ValidationError:
                continue
            records[record.student] = record
    return records


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1)
