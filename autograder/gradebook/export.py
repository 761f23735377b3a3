"""Export the table of marks as CSV, from nbgrader's gradebook and our records."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.plugins import ExportPlugin

from autograder.gradebook.records import Record, read_records
from autograder.gradebook.scratch import scratch_directory
from autograder.results import Verdict

COLUMNS = ("student", "assignment", "verdict", "reason", "score", "max_score", "late_penalty")
FORMULA = tuple("=+-@＝＋－＠")
"""What a formula begins with in a spreadsheet."""
Row = dict[str, str | float]


class CsvExport(ExportPlugin):
    """Export one line for each submission; where there is no mark, the score is empty, not 0."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the table to ``--to``, or to ``grades.csv``."""
        path = Path(self.to or "grades.csv")
        rows = grade_rows(gradebook, Path.cwd(), self.assignment, map(str, self.student))
        write_csv(path, rows)
        self.log.info("Exported %d rows to %s", len(rows), path)


def grade_rows(gradebook: Gradebook, root: Path, parts: Iterable[str] = (), students: Iterable[str] = ()) -> list[Row]:
    """Return a row for each submission that the gradebook or the records of ``root`` know.

    ``parts`` and ``students`` narrow it down; empty means all.
    """
    parts, students = set(parts), set(students)
    rows = []
    for assignment in gradebook.assignments:
        if parts and assignment.name not in parts:
            continue
        records = read_records(root, assignment.name)
        names = {submission.student.id for submission in assignment.submissions} | records.keys()
        for name in sorted(names):
            if students and name not in students:
                continue
            try:
                submission = gradebook.find_submission(assignment.name, name)
            except MissingEntry:
                submission = None
            rows.append(_row(name, assignment.name, float(assignment.max_score), submission, records.get(name)))
    return rows


def _row(student: str, part: str, most: float, submission: SubmittedAssignment | None, record: Record | None) -> Row:
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades] if submission else []
    marks = {grade.name: _mark(grade.manual_score, grade.auto_score, grade.extra_credit) for grade in grades}
    missing = [name for name, mark in marks.items() if mark is None]
    penalty = float(submission.late_submission_penalty or 0) if submission else 0.0
    reason = record.reason if record else ""
    score: float | str = max(0.0, sum(mark for mark in marks.values() if mark is not None) - penalty)
    if submission is None:
        score = ""
    elif missing:
        score = ""
        reason = reason or f"Not marked yet: {', '.join(missing)}."
    elif record and not record.verdict.gives_mark:
        reason = f"The score is the one from before. {reason}"
    row: Row = {
        "student": student,
        "assignment": part,
        "verdict": (record.verdict if record else Verdict.NOT_GRADED).value,
        "reason": reason,
        "score": score,
        "max_score": most,
        "late_penalty": penalty if submission else "",
    }
    return row | {name: "" if mark is None else mark for name, mark in marks.items()}


def _mark(manual: float | None, auto: float | None, extra: float | None) -> float | None:
    given = manual if manual is not None else auto
    return None if given is None else given + (extra or 0.0)


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write rows with every column that one of them has; the file is replaced in one step."""
    columns = list(dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)]))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    replace_file(path, text.getvalue().encode("utf-8", "backslashreplace"))


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with scratch_directory(path.parent) as scratch:
        made = scratch / path.name
        with made.open("wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o644)
        made.replace(path)


def _harmless(value: str | float) -> str | float:
    """Keep a spreadsheet from taking a text for a formula (OWASP, "CSV Injection"); one line for each row."""
    if not isinstance(value, str):
        return value
    text = " ".join(value.split("\n")).replace("\r", " ")
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith("\t") else text
