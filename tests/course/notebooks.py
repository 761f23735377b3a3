"""Run a part's notebook on the host's own Engine, in one ordinary kernel, as JupyterLab would."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from course.checks.report import MIME

ROOT = Path(__file__).parents[2]


@dataclass
class Marks:
    """What the grade cells gave, by grade_id."""

    points: dict[str, float] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def source(part: str) -> Any:
    """Return the instructor's notebook."""
    return nbformat.read(ROOT / "source" / part / f"{part}.ipynb", as_version=4)


def grade_id(cell: Any) -> str:
    """Return a cell's grade_id, or ""."""
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def full_marks(notebook: Any) -> dict[str, float]:
    """Return the points that each grade cell can give."""
    cells = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    return {cell["grade_id"]: cell["points"] for cell in cells if cell.get("grade")}


def replace(notebook: Any, solutions: Mapping[str, str]) -> None:
    """Put other solutions into the notebook; a grade_id that it does not have is a mistake in the case."""
    unknown = set(solutions) - {grade_id(cell) for cell in notebook.cells}
    assert not unknown, f"no such cells: {unknown}"
    for cell in notebook.cells:
        if grade_id(cell) in solutions:
            cell.source = solutions[grade_id(cell)]


@contextmanager
def run_token() -> Iterator[str]:
    """Set a run's token, as the grader does."""
    token = "t" + secrets.token_hex(4)
    before = os.environ.get("DOCKER_COURSE_RUN")
    os.environ["DOCKER_COURSE_RUN"] = token
    try:
        yield token
    finally:
        if before is None:
            del os.environ["DOCKER_COURSE_RUN"]
        else:
            os.environ["DOCKER_COURSE_RUN"] = before


def execute(notebook: Any, directory: Path) -> Marks:
    """Execute all cells in order, whatever fails, and collect the marks."""
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=180,
        allow_errors=True,
        resources={"metadata": {"path": str(directory)}},
    )
    client.execute()
    return marks(notebook)


def marks(notebook: Any) -> Marks:
    """Collect what the grade cells of an executed notebook gave."""
    marks = Marks()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        key = grade_id(cell)
        for output in cell.outputs:
            if output.output_type == "error":
                marks.errors[key or cell.id] = f"{output.ename}: {output.evalue}"
            elif output.output_type == "display_data" and MIME in output.data:
                marks.texts[key] = output.data["text/plain"]
            elif output.output_type == "execute_result" and cell.metadata.get("nbgrader", {}).get("grade"):
                marks.points[key] = float(json.loads(output.data["text/plain"]))
    return marks
