"""The instructor's notebook of a part: the trusted cells for rebuilding submissions, and what they are known by.

nbgrader takes a second to import, and only reading the notebook needs it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.errors import BadInput


@dataclass(frozen=True)
class Source:
    """A part's notebook as nbgrader releases it, with and without its hidden tests.

    ``cells`` are the cells that nbgrader knows (they have a ``grade_id``), hidden tests included, in order;
    ``student`` are all cells that the student was given, in order.
    """

    part: str
    cells: tuple[NotebookNode, ...]
    student: tuple[NotebookNode, ...]
    metadata: dict[str, Any]
    others: dict[str, frozenset[str]] = field(default_factory=dict)
    """What the cells of each other part are known by (`marks_of`), by part."""

    @cached_property
    def released(self) -> dict[str, NotebookNode]:
        """What the student was given in the place of each of ``cells``, by ``grade_id``."""
        return {grade_id(cell): cell for cell in self.student if grade_id(cell)}

    @property
    def points(self) -> dict[str, float]:
        """Maximum points of each grade cell, by ``grade_id``, in order."""
        return {
            grade_id(cell): float(cell.metadata.nbgrader.points)
            for cell in self.cells
            if cell.metadata.nbgrader.get("grade")
        }


def grade_id(cell: NotebookNode) -> str:
    """Return the ``grade_id`` in a cell's nbgrader metadata; "" where there is none or it is no text."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return name if isinstance(name, str) else ""


def lines(text: str) -> list[str]:
    """Return the lines of a cell without what an editor may change: how they end, and blank space around the text."""
    return [line.rstrip() for line in text.strip().splitlines()]


def text_key(text: str) -> str:
    """Return the text of a cell in the form in which two cells of the same text are equal."""
    return "\n".join(lines(text))


def marks_of(cell: NotebookNode) -> set[str]:
    """Return what a released cell is known by: ``grade_id``, id and, unless it is for an answer, its text."""
    marks = {grade_id(cell), str(cell.get("id") or "")}
    nbgrader = cell.get("metadata", {}).get("nbgrader")
    if not (isinstance(nbgrader, dict) and nbgrader.get("solution")) and (key := text_key(cell["source"])):
        marks.add(f"text: {key}")
    return marks - {""}


def load_source(path: Path) -> Source:
    """Read an instructor's notebook, and do to it what ``nbgrader generate_assignment`` does.

    Raises:
        BadInput: if there is no such notebook, or nbgrader refuses its metadata.
    """
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearHiddenTests,
        ClearOutput,
        ClearSolutions,
        ComputeChecksums,
        LockCells,
    )

    try:
        notebook = nbformat.read(path, as_version=4)
        for step in (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums):
            notebook, _ = step().preprocess(notebook, {})
        cells = tuple(cell for cell in notebook.cells if grade_id(cell))
        student, _ = ClearHiddenTests().preprocess(nbformat.from_dict(notebook), {})
    except FileNotFoundError as error:
        raise BadInput(f"There is no source notebook {path}. Build the lessons first.") from error
    except Exception as error:
        raise BadInput(f"The source notebook {path} cannot be used: {error}") from error
    metadata = {"kernelspec": dict(notebook.metadata.get("kernelspec", {}))}
    return Source(path.stem, cells, tuple(student.cells), metadata, _others(path))


def _others(path: Path) -> dict[str, frozenset[str]]:
    """Return what the cells of the other parts beside this one are known by; one that cannot be read has none."""
    others: dict[str, frozenset[str]] = {}
    for other in sorted(path.parent.parent.glob("*/*.ipynb")):
        if other.stem == other.parent.name != path.stem:
            with suppress(Exception):
                others[other.stem] = frozenset().union(*map(marks_of, nbformat.read(other, as_version=4).cells))
    return others
