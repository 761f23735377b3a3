"""The demonstration: grade six submissions of Part 1 and compare their marks with the expected ones."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.batch.batch import Watch, grade
from autograder.errors import BadInput
from autograder.gradebook.course import CONFIG
from autograder.gradebook.execution import Execute
from autograder.gradebook.records import Record
from autograder.submissions import Case, load_case, make_submission

PART = "part1"
CASES = {
    "docker-py": "demo/docker-py",
    "cli": "part1/command-line",
    "partly": "demo/partly",
    "wrong": "part1/wrong-shortcuts",
    "crash": "demo/crash",
    "cheat": "demo/cheat",
}
"""The six, and the case below ``tests/submissions`` that each is made from."""


@dataclass(frozen=True)
class Compared:
    """A graded submission beside what its case expects."""

    case: Case
    record: Record

    @property
    def differences(self) -> list[str]:
        """What is not as expected, one sentence each; empty if all is."""
        expected, record = self.case.expected, self.record
        found = []
        if record.verdict is not expected.verdict:
            found.append(f"verdict: {record.verdict} ({record.reason}), expected {expected.verdict}")
        results = {cell.grade_id: cell for cell in record.cells}
        for cell in record.cells:
            found += expected.differences(cell)
        for name in sorted((expected.marks.keys() | expected.says.keys()) - results.keys()):
            found.append(f"{name}: no result")
        return found

    @property
    def wanted(self) -> float:
        """The expected points in all."""
        return sum(self.case.expected.mark(cell.grade_id, cell.max_points) for cell in self.record.cells)


def make_course(repository: Path, root: Path, cases: Sequence[tuple[str, Case]]) -> None:
    """Make a course directory with one submission for each student; one that is there already is replaced.

    Raises:
        BadInput: if the notebooks of the part are missing.
    """
    source, release = (repository / step / PART / f"{PART}.ipynb" for step in ("source", "release"))
    for path in (source, release):
        if not path.is_file():
            raise BadInput(
                f"{path} is missing. Run the demonstration in a checkout of the project, after `docker-course "
                "lessons build`."
            )
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(source.parent, root / "source" / PART)
    shutil.copy(repository / CONFIG, root / CONFIG)
    solved, released = (nbformat.read(path, as_version=4) for path in (source, release))
    for student, case in cases:
        path = root / "submitted" / student / PART / f"{PART}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(make_submission(solved, released, case.answers, case.expected.unanswered), path)


def run(
    repository: Path,
    root: Path,
    *,
    execute: Execute | None = None,
    watch: Watch = lambda student, state, record: None,
) -> list[Compared]:
    """Make the submissions below ``root``, grade them, and compare.

    Raises:
        BadInput: if ``repository`` is no checkout of this project.
    """
    folder = repository / "tests" / "submissions"
    cases = [(name, load_case(folder / case)) for name, case in CASES.items()]
    make_course(repository, root, cases)
    records = grade(PART, CASES, root=root, execute=execute, watch=watch)
    return [Compared(case, record) for (_, case), record in zip(cases, records, strict=True)]
