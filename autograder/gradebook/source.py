"""The instructor's notebook of a part: the trusted cells for rebuilding submissions.

nbgrader takes a second to import, and only reading the notebook needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.errors import BadInput


@dataclass(frozen=True)
class Source:
    """A part's notebook as nbgrader releases it, with and without its hidden tests.

    ``cells`` are the cells that nbgrader knows (they have a ``grade_id``), hidden tests included, in order;
    ``released`` is what the student was given in their place, by ``grade_id``.
    """

    cells: tuple[NotebookNode, ...]
    released: dict[str, NotebookNode]
    metadata: dict[str, Any]

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
    released = {grade_id(cell): cell for cell in student.cells if grade_id(cell)}
    return Source(cells, released, {"kernelspec": dict(notebook.metadata.get("kernelspec", {}))})
