"""Grade cells: read the examiner's outputs, and replace them with outputs for nbgrader.

nbgrader 0.9.6 (``nbgrader.utils.determine_grade``) reads a grade cell's outputs in order: anything on stderr
or an error is 0 points, the first ``execute_result`` is the number of points, and everything else (no result,
text, ``nan``, a negative number) is *full* marks. So nbgrader never sees what a kernel sent, only what is
built here.
"""

from __future__ import annotations

import html
import math
import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from autograder.errors import GraderBroke
from autograder.results import CellResult, Demanded, Execution, Finding
from autograder.runner.outputs import REPORT_MIME, Output

NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,20})?(e-[0-9]{1,3})?")
"""A number of points as Python prints it."""
SHOWN = 300
"""Characters kept of a text from outside in a sentence."""


class ChecksFailed(GraderBroke):
    """Checks came to no result by their own failure; the run went on, and ``cells`` are the results of all."""

    def __init__(self, reason: str, cells: list[CellResult]) -> None:
        super().__init__(reason)
        self.cells = tuple(cells)
        self.execution: Execution | None = None
        """The whole run, once it is known."""


@dataclass(frozen=True)
class GradeCell:
    """An automatically graded cell's name and worth."""

    grade_id: str
    max_points: float


def grade_cell(cell: dict[str, Any]) -> GradeCell | None:
    """Return the grade cell that this cell is, or None.

    A cell that is graded by hand (``grade`` and ``solution``) is the student's, not the examiner's.
    Raises GraderBroke if the cell's nbgrader metadata, which the grader wrote, cannot be used.
    """
    facts = cell.get("metadata", {}).get("nbgrader")
    if cell.get("cell_type") != "code" or not isinstance(facts, dict):
        return None
    if facts.get("grade") is not True or facts.get("solution") is True:
        return None
    name, points = facts.get("grade_id"), facts.get("points")
    if not isinstance(name, str) or not name:
        raise GraderBroke("A grade cell has no grade_id in its nbgrader metadata: generate the assignment again.")
    if isinstance(points, bool) or not isinstance(points, (int, float)) or not 0 <= points < math.inf:
        raise GraderBroke(
            f"Grade cell {name}: points is {points!r} in its nbgrader metadata, expected a number from 0 up."
        )
    return GradeCell(name, float(points))


def judge(cell: GradeCell, outputs: list[Output]) -> CellResult:
    """Return the result that the examiner's outputs state; raises GraderBroke if they state none."""
    for output in outputs:
        if output["output_type"] == "error":
            said = shorten(f"{output['ename']}: {output['evalue']}")
            raise GraderBroke(f"Grade cell {cell.grade_id} raised {said}.")
    results = [output["data"] for output in outputs if output["output_type"] == "execute_result"]
    text = results[-1].get("text/plain", "") if results else "nothing"
    if not NUMBER.fullmatch(text) or float(text) > cell.max_points:
        expected = f"expected a number from 0 to {cell.max_points:g}"
        raise GraderBroke(f"Grade cell {cell.grade_id} ended in {shorten(text)!r}, {expected}.")
    reports = [report for output in outputs if (report := _report(cell, output)) is not None]
    return CellResult(
        grade_id=cell.grade_id,
        points=float(text),
        max_points=cell.max_points,
        demands=tuple(demand for report in reports for demand in report.demands),
        findings=tuple(finding for report in reports for finding in report.findings),
    )


def outputs_for_nbgrader(result: CellResult, outputs: list[Output]) -> list[Output]:
    """Return the examiner's reports, then the number of points: all that nbgrader and the feedback page get."""
    shown = [item for item in outputs if item["output_type"] == "display_data"]
    return [*(item for item in shown if REPORT_MIME in item["data"]), _number(result.points)]


def unreached(cell: GradeCell, reason: str) -> tuple[CellResult, list[Output]]:
    """Return the result and outputs of a grade cell that was not run, with the reason as a sentence."""
    result = CellResult(grade_id=cell.grade_id, points=0, max_points=cell.max_points, reached=False)
    sentence = f"This check was not reached, so it gives 0 of {cell.max_points:g} points. {reason}"
    return result, [_sentence(sentence), _number(0)]


def prevented(cell: GradeCell, message: str, hint: str = "") -> tuple[CellResult, list[Output]]:
    """Return the result and outputs of a check that the student kept from looking: 0 points, with the reason."""
    message = f"{message} So this check could not look, and gives 0 of {cell.max_points:g} points."
    found = Finding(passed=False, message=message, hint=hint)
    result = CellResult(grade_id=cell.grade_id, points=0, max_points=cell.max_points, findings=(found,))
    return result, [_sentence(message), _number(0)]


def not_judged(cell: GradeCell, problem: str, hanging: str) -> tuple[CellResult, list[Output]]:
    """Return the result and outputs of a check that failed, by a container that hangs or by itself."""
    if hanging:
        return prevented(
            cell,
            f"The Engine answers, but not when it is asked about the container {shorten(hanging, 80)}: something in it "
            "makes the Engine wait for ever.",
            "Look at what the container's image holds in place of ordinary files, such as /etc/passwd.",
        )
    result = CellResult(grade_id=cell.grade_id, points=0, max_points=cell.max_points, failure=problem)
    return result, [_sentence(problem), _number(0)]


def shorten(text: str, length: int = SHOWN) -> str:
    """One line of a text from outside: control characters and line ends as blanks, cut at ``length``."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * length]).split())
    return line if len(line) <= length else line[: length - 1] + "…"


class _Report(BaseModel):
    """A report, as `course.checks` displays it."""

    demands: tuple[Demanded, ...] = ()
    findings: tuple[Finding, ...]


def _report(cell: GradeCell, output: Output) -> _Report | None:
    report = output.get("data", {}).get(REPORT_MIME)
    if report is None:
        return None
    try:
        return _Report.model_validate(report)
    except ValidationError as problem:
        said = shorten(str(problem))
        raise GraderBroke(f"Grade cell {cell.grade_id} displayed a report that cannot be read: {said}") from problem


def _sentence(text: str) -> Output:
    data = {"text/plain": text, "text/html": f"<p>{html.escape(text)}</p>"}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _number(points: float) -> Output:
    text = f"{int(points)}" if points == int(points) else repr(points)
    data = {"text/plain": text}
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}
