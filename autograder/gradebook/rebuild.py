"""Rebuild the notebook to execute: the instructor's cells in order, with the student's answers.

Nothing that a student can edit decides what is graded. The source notebook gives every cell that nbgrader
knows (grade cells, locked cells, the places of the answers), its metadata and the order. The submission gives
the text of the answers, and the cells that nbgrader does not know: they keep their place behind the known
cell that they followed, stripped of all metadata.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.gradebook.source import Source, grade_id
from autograder.gradebook.submission import pictures_of


@dataclass(frozen=True)
class Rebuilt:
    """A notebook made of trusted cells, and a sentence on each cell that had to be put right."""

    notebook: NotebookNode
    notes: dict[str, str] = field(default_factory=dict)


def rebuild(source: Source, submitted: Iterable[dict[str, Any]]) -> Rebuilt:
    """Return the notebook to execute for ``submitted`` cells (see ``read_submission``)."""
    known = {grade_id(cell): cell for cell in source.cells}
    answers, following = _sort(submitted, known, {cell.id: grade_id(cell) for cell in source.cells})
    notes: dict[str, str] = {}
    cells = list(following.get("", ()))
    for trusted in source.cells:
        name = grade_id(trusted)
        cell = copy.deepcopy(trusted)
        texts = answers.get(name, [])
        if trusted.metadata.nbgrader.get("solution"):
            cell.source = texts[-1] if texts else "# This answer was missing from the submission."
            if not texts:
                notes[name] = "The answer's cell was missing from the submission."
        elif not texts:
            notes[name] = "This cell was missing from the submission. It was put back and run as usual."
        elif any(_lines(text) != _lines(source.released[name].source) for text in texts):
            notes[name] = "This cell had been changed in the submission. It was restored and run as usual."
        cells += [cell, *following.get(name, ())]
    _number(cells, {cell.id for cell in source.cells})
    return Rebuilt(new_notebook(cells=cells, metadata=copy.deepcopy(source.metadata)), notes)


def _lines(text: str) -> list[str]:
    """Return the lines of a cell; how they end is no change, as an editor on Windows may change that."""
    return text.strip().splitlines()


def _sort(
    submitted: Iterable[dict[str, Any]], known: dict[str, NotebookNode], ids: dict[str, str]
) -> tuple[dict[str, list[str]], dict[str, list[NotebookNode]]]:
    """Split the submission into answers by ``grade_id`` and extra cells grouped by the cell that they follow.

    A cell that lost its metadata on the way through another editor is still known by its cell id. Of an
    answer that was copied, the last is the answer (what nbgrader does too); the earlier ones run before it,
    as they did for the student.
    """
    answers: dict[str, list[str]] = {}
    following: dict[str, list[NotebookNode]] = {}
    places: dict[str, str] = {}
    before = ""
    for cell in submitted:
        name = grade_id(NotebookNode(cell)) or ids.get(str(cell["id"]), "")
        if name not in known:
            following.setdefault(before, []).append(_own(cell))
            continue
        if name in answers and known[name].metadata.nbgrader.get("solution"):
            run_before = [_code(answers[name][-1]), *following.pop(name, ())]
            following.setdefault(places[name], []).extend(run_before)
        answers.setdefault(name, []).append(cell["source"])
        places.setdefault(name, before)
        before = name
    return answers, following


def _own(cell: dict[str, Any]) -> NotebookNode:
    """Make a cell of the student's own: code stays code, anything else is text; no metadata is kept."""
    if cell["cell_type"] == "code":
        return _code(cell["source"])
    text = _text(cell["source"])
    if cell["cell_type"] != "markdown":
        text.source = "\n".join("    " + line for line in cell["source"].splitlines())
    elif pictures := pictures_of(cell["attachments"]):
        text.attachments = nbformat.from_dict(pictures)
    return text


def _code(source: str) -> NotebookNode:
    """Do what ``nbformat.v4.new_code_cell`` does, without its check against the schema, which is most of its time."""
    return NotebookNode(
        cell_type="code", metadata=NotebookNode(), source=source, execution_count=None, outputs=[], id=""
    )


def _text(source: str) -> NotebookNode:
    return NotebookNode(cell_type="markdown", metadata=NotebookNode(), source=source, id="")


def _number(cells: list[NotebookNode], trusted: set[str]) -> None:
    """Give the student's cells ids of ours, so that none can pass for another cell's."""
    number = 0
    for cell in cells:
        if not grade_id(cell):
            number += 1
            while f"own-{number}" in trusted:
                number += 1
            cell.id = f"own-{number}"
