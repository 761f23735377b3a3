"""Build submissions from a part's notebook and a case (the answers that differ from the model solution).

    tests/submissions/part1/some-case/
        life-cycle.py       the text of the cell with this grade_id
        layers.sh           the same of a shell cell, without its first line, %%bash
        expected.json       {"about": "…", "verdict": "graded", "marks": {"life-cycle-check": 1},
                             "misses": {"life-cycle-check": ["removed"]}, "says": {…}}

An answer without a file is the model solution; with ``"unanswered": true`` it is left as it was handed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from autograder.errors import BadInput
from autograder.results import CellResult, Facts, Verdict

HEADS = {".py": "", ".sh": "%%bash\n"}
"""What stands before the text of an answer's file, by the file's suffix."""
MARKERS = re.compile(r"(BEGIN|END) SOLUTION")


class Expected(Facts):
    """What grading a case must give; the content of ``expected.json``."""

    about: str
    verdict: Verdict = Verdict.GRADED
    unanswered: bool = False
    """Whether an answer without a file is left as it was handed out, and not the model solution."""
    marks: dict[str, float] = Field(default_factory=dict)
    """Marks by grade cell. One that is not named has full marks; where the submission breaks, it has none."""
    misses: dict[str, list[str]] = Field(default_factory=dict)
    """The demands that are not met, by grade cell: those of which the check says why, no others."""
    says: dict[str, str] = Field(default_factory=dict)
    """A part of what the findings of a grade cell say."""

    def mark(self, grade_id: str, most: float) -> float:
        """Return the expected mark of a grade cell that is worth ``most`` points."""
        return self.marks.get(grade_id, most if self.verdict is Verdict.GRADED else 0.0)

    def differences(self, result: CellResult) -> Iterator[str]:
        """Yield what is not as expected in the result of a grade cell, one sentence each."""
        name, wanted = result.grade_id, self.mark(result.grade_id, result.max_points)
        if result.points != wanted:
            yield f"{name}: {result.points:g} of {result.max_points:g} points, expected {wanted:g}"
        missed = list(dict.fromkeys(finding.demand for finding in result.findings if not finding.passed))
        if missed != (due := self.misses.get(name, [])):
            yield f"{name} misses the demands {missed}, expected {due}"
        said = " ".join(f"{finding.message} {finding.hint}" for finding in result.findings)
        if (fragment := self.says.get(name, "")) not in said:
            yield f"{name} says {said!r}, which should contain {fragment!r}"


class Case(Facts):
    """A submission to be made, and what it must give."""

    name: str
    expected: Expected
    answers: dict[str, str]
    """Text of cells by ``grade_id``, where it differs from the model solution, or from what was handed out."""


def load_case(directory: Path) -> Case:
    """Read a case.

    Raises:
        BadInput: if it has no readable ``expected.json``.
    """
    try:
        expected = Expected.model_validate_json((directory / "expected.json").read_bytes())
    except (OSError, ValidationError) as error:
        raise BadInput(f"{directory / 'expected.json'} cannot be used: {error}") from error
    answers = {
        path.stem: HEADS[path.suffix] + path.read_text(encoding="utf-8").rstrip("\n")
        for path in sorted(directory.iterdir())
        if path.suffix in HEADS
    }
    return Case(name=directory.name, expected=expected, answers=answers)


def make_submission(source: Any, release: Any, answers: dict[str, str], unanswered: bool = False) -> Any:
    """Return what a student would hand in: the released notebook, the model solution in it, ``answers`` over that.

    If ``unanswered`` is true, the model solution is left out.

    Raises:
        BadInput: if an answer is for a cell that the notebook does not have; the message lists the ones it
        has.
    """
    import nbformat

    notebook = nbformat.from_dict(release)
    models = () if unanswered else (cell for cell in source.cells if _settings(cell).get("solution"))
    texts = {_name(cell): _solved(cell.source) for cell in models}
    names = {_name(cell) for cell in notebook.cells} - {""}
    if unknown := answers.keys() - names:
        raise BadInput(f"No cell {', '.join(sorted(unknown))} in the notebook. It has: {', '.join(sorted(names))}.")
    for cell in notebook.cells:
        cell.source = {**texts, **answers}.get(_name(cell), cell.source)
    return notebook


def _settings(cell: Any) -> dict[str, Any]:
    settings: dict[str, Any] = cell.metadata.get("nbgrader", {})
    return settings


def _name(cell: Any) -> str:
    return str(_settings(cell).get("grade_id", ""))


def _solved(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not MARKERS.search(line))
