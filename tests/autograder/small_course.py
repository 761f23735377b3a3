"""A small course directory, with this project's own nbgrader_config.py and a real gradebook."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.gradebook.course import Course

REPOSITORY = Path(__file__).parents[2]


def nbgrader_cell(name: str, source: str, *, points: float | None = None, solution: bool = False) -> NotebookNode:
    """Make a cell that nbgrader knows: a grade cell with points, an answer, or a locked cell."""
    grade = points is not None
    meta: dict[str, Any] = {
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": not solution,
        "schema_version": 3,
        "task": False,
    }
    return new_code_cell(source, metadata={"nbgrader": meta | ({"points": points} if grade else {})})


def source_notebook() -> NotebookNode:
    """Two exercises of 3 and 2 points, one with a hidden test."""
    return new_notebook(
        cells=[
            new_markdown_cell("# A small part"),
            nbgrader_cell("set-up", "planted = 1"),
            nbgrader_cell("first", "### BEGIN SOLUTION\nx = 6 * 7\n### END SOLUTION", solution=True),
            nbgrader_cell(
                "first-check",
                "good = check(answer('x') is not None, 'x has a value')\n"
                "### BEGIN HIDDEN TESTS\n"
                "good = check(answer('x') == 42, 'x is the answer') and good\n"
                "### END HIDDEN TESTS\n"
                "3 if good else 1 if answer('x') else 0",
                points=3,
            ),
            new_markdown_cell("Now the second."),
            nbgrader_cell("second", "### BEGIN SOLUTION\ny = 'yes'\n### END SOLUTION", solution=True),
            nbgrader_cell("second-check", "2 if check(answer('y') == 'yes', 'y says yes') else 0", points=2),
        ],
        metadata={
            "kernelspec": {
                "name": "docker-course",
                "display_name": "Docker Fundamentals",
                "language": "python",
            }
        },
    )


class SmallCourse:
    """A course directory with one part, ``tiny``, whose jobs are executed in this process."""

    part = "tiny"

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copy(Path(__file__).with_name("in_process.py"), root / "in_process.py")
        config = (REPOSITORY / "nbgrader_config.py").read_text()
        config += "\nimport in_process\nc.SandboxExecute.execute = in_process.execute\n"
        (root / "nbgrader_config.py").write_text(config)
        path = root / "source" / self.part / f"{self.part}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(source_notebook(), path)

    @property
    def course(self) -> Course:
        """The directory as the autograder sees it."""
        return Course(self.root)

    def released(self) -> NotebookNode:
        """The notebook that a student starts from."""
        notebook = source_notebook()
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in ("first", "second"):
                cell.source = "# YOUR CODE HERE\nraise NotImplementedError()"
            if name == "first-check":
                before, _, after = cell.source.partition("### BEGIN HIDDEN TESTS\n")
                cell.source = before + after.partition("### END HIDDEN TESTS\n")[2]
        return notebook

    def answered(self, first: str = "x = 42", second: str = "y = 'yes'") -> NotebookNode:
        """A submission with these answers."""
        notebook = self.released()
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = {"first": first, "second": second}.get(name, cell.source)
        return notebook

    def path(self, student: str) -> Path:
        """Where a student's notebook goes."""
        path = self.root / "submitted" / student / self.part / f"{self.part}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def hand_in(self, student: str, notebook: NotebookNode | None = None, **answers: str) -> Path:
        """Write a submission."""
        path = self.path(student)
        nbformat.write(notebook or self.answered(**answers), path)
        return path

    def marks(self, student: str) -> dict[str, float | None]:
        """A student's automatic marks in nbgrader's gradebook."""
        with self.course.gradebook() as gradebook:
            notebook = gradebook.find_submission_notebook(self.part, self.part, student)
            return {grade.name: grade.auto_score for grade in notebook.grades}

    def table(self) -> dict[str, dict[str, str]]:
        """The rows of ``grades.csv`` by student."""
        with (self.root / "grades.csv").open(newline="") as file:
            return {row["student"]: row for row in csv.DictReader(file)}

    def page(self, student: str) -> Path:
        """Where a student's feedback is."""
        return self.root / "feedback" / student / self.part / f"{self.part}.html"

    def score(self, student: str) -> float:
        """A student's score in nbgrader's gradebook."""
        with self.course.gradebook() as gradebook:
            return float(gradebook.find_submission(self.part, student).score)
