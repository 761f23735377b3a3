"""Records survive crashes, and the table can be opened by anything."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from autograder.gradebook.export import replace_file, write_csv
from autograder.gradebook.records import Record, append_record, read_records, records_path
from autograder.results import CellResult, Verdict


def record(student: str, points: float = 1, verdict: Verdict = Verdict.GRADED) -> Record:
    """A record with one grade cell."""
    cell = CellResult(grade_id="a", points=points, max_points=3)
    return Record(student=student, part="part1", verdict=verdict, cells=(cell,))


def test_the_last_record_of_a_student_counts(tmp_path: Path) -> None:
    """Grading again adds a line; the earlier one stays in the file as history."""
    for points in (1, 2):
        append_record(tmp_path, record("ada", points))
    append_record(tmp_path, record("bob", 3))
    records = read_records(tmp_path, "part1")
    assert {name: record.score for name, record in records.items()} == {"ada": 2, "bob": 3}
    assert len(records_path(tmp_path, "part1").read_text().splitlines()) == 3


def test_a_line_that_was_cut_off_costs_only_itself(tmp_path: Path) -> None:
    """After a crash in the middle of a line, the next record begins on a line of its own."""
    append_record(tmp_path, record("ada"))
    with records_path(tmp_path, "part1").open("ab") as file:
        file.write(b'{"student": "bob", "ver')
    append_record(tmp_path, record("cyd"))
    assert list(read_records(tmp_path, "part1")) == ["ada", "cyd"]


def test_there_are_no_records_before_the_first(tmp_path: Path) -> None:
    """A course that was never graded is no error."""
    assert read_records(tmp_path, "part1") == {}


def test_where_the_grader_broke_there_is_no_score() -> None:
    """Not 0: nobody knows what the submission is worth."""
    assert record("ada", verdict=Verdict.GRADER_BROKE).score is None


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\n=1", "\r=1"])
def test_no_cell_of_the_table_is_taken_for_a_formula(tmp_path: Path, text: str) -> None:
    """Names and reasons can come from a student; a spreadsheet must show them, not compute them."""
    path = tmp_path / "grades.csv"
    write_csv(path, [{"student": text, "score": -1.5}])
    with path.open(newline="") as file:
        [row] = csv.DictReader(file)
    assert row["student"].startswith("'")
    assert row["student"].strip("' \t") == text.strip()
    assert row["score"] == "-1.5"


def test_every_row_has_the_columns_of_all(tmp_path: Path) -> None:
    """Parts have different exercises; the table has them all, empty where they do not belong."""
    path = tmp_path / "grades.csv"
    write_csv(path, [{"student": "ada", "a": 1.0}, {"student": 'b"o,b', "b": ""}])
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == ["ada", 'b"o,b']
    assert [(row["a"], row["b"]) for row in rows] == [("1.0", ""), ("", "")]


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure in the middle leaves the old file and no litter."""
    path = tmp_path / "grades.csv"
    replace_file(path, b"old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fchmod", fail)
    with pytest.raises(OSError, match="disk full"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
