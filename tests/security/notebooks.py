"""Small trusted notebooks for attacks: cells of a student, and grade cells that look at the Engine."""

from __future__ import annotations

import secrets
import textwrap
from typing import Any

import nbformat.v4

from autograder.gradebook.execution import execute_fairly
from autograder.results import CellResult, Execution, Job, Limits
from tests.patience import PATIENCE

REPORT = "application/vnd.docker-course.report+json"


def student(source: str) -> Any:
    """A cell that the student wrote."""
    return nbformat.v4.new_code_cell(textwrap.dedent(source).strip())


def check(grade_id: str, source: str, points: float = 3) -> Any:
    """A grade cell: its last line is the number of points."""
    facts = {"grade": True, "solution": False, "locked": True, "grade_id": grade_id, "points": points}
    facts |= {"schema_version": 3, "cell_type": "code"}
    return nbformat.v4.new_code_cell(textwrap.dedent(source).strip(), metadata={"nbgrader": facts})


def runs(grade_id: str, name: str, image: str = "busybox") -> Any:
    """A grade cell that gives 3 points where a container of this name runs from this image."""
    return check(
        grade_id,
        f"""
        from course import connect, facts
        from course.checks.check import Check
        from course.demands import Demand, Rubric
        report = Check(Rubric({grade_id!r}, 3, (Demand("it", "It is so.", essential=True),)))
        found = facts.container(connect(), {name!r})
        wanted = facts.image(connect(), {image!r})
        runs = found is not None and found.running and found.image == wanted.id
        report.require("it", runs, "It does not run.", seen="It runs.")
        report.show(points=3)
        """,
    )


def grade(*cells: Any, **limits: float) -> Execution:
    """Run a notebook of these cells the way every submission is run; limits in seconds are those of a fast machine."""
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    bounds = {"seconds": 90, "cell_seconds": 30, **limits}
    bounds |= {name: bounds[name] * PATIENCE for name in ("seconds", "cell_seconds")}
    return execute_fairly(Job(notebook=notebook, run=secrets.token_hex(6), limits=Limits.model_validate(bounds)))


def marks(execution: Execution) -> dict[str, float]:
    """Points by grade cell."""
    return {cell.grade_id: cell.points for cell in execution.cells}


def result(execution: Execution, grade_id: str) -> CellResult:
    """The result of one grade cell."""
    return next(cell for cell in execution.cells if cell.grade_id == grade_id)


def said(cell: dict[str, Any]) -> str:
    """All text of a cell's outputs."""
    return "".join(
        output.get("text", "") + str(output.get("data", "")) + output.get("evalue", "") for output in cell["outputs"]
    )
