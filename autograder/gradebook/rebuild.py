"""Rebuild the notebook to execute: the instructor's cells in order, with the student's answers.

Nothing that a student can edit decides what is graded. The source notebook gives every cell that nbgrader
knows (grade cells, locked cells, the places of the answers), its metadata and the order. The submission gives
the text of the answers, and the cells that nbgrader does not know: they keep their place behind the known
cell that they followed, stripped of all metadata. `autograder.gradebook.matching` says which cell is which.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.gradebook.matching import Matched, match
from autograder.gradebook.source import Source, grade_id, lines
from autograder.gradebook.submission import pictures_of


@dataclass(frozen=True)
class Rebuilt:
    """A notebook made of trusted cells, and a sentence on each cell that had to be put right."""

    notebook: NotebookNode
    notes: dict[str, str] = field(default_factory=dict)
    about: str = ""
    """What had to be done to the notebook as a whole; "" if it came as it was handed out."""


def rebuild(source: Source, submitted: Sequence[dict[str, Any]]) -> Rebuilt:
    """Return the notebook to execute for ``submitted`` cells (see ``read_submission``)."""
    matched = match(source, submitted)
    answers, following = _sort(submitted, matched.names, _answers(source))
    notes: dict[str, str] = {}
    cells = list(following.get("", ()))
    for trusted in source.cells:
        name = grade_id(trusted)
        cell = copy.deepcopy(trusted)
        texts = answers.get(name, [])
        if trusted.metadata.nbgrader.get("solution"):
            cell.source = texts[-1] if texts else "# This answer was missing from the submission."
            if not texts:
                notes[name] = _missing_answer(name, matched)
        elif not texts:
            notes[name] = "This cell was missing from the submission. It was put back and run as usual."
        elif any(lines(text) != lines(source.released[name].source) for text in texts):
            notes[name] = "This cell had been changed in the submission. It was restored and run as usual."
        cells += [cell, *following.get(name, ())]
    _number(cells, {cell.id for cell in source.cells})
    notebook = new_notebook(cells=cells, metadata=copy.deepcopy(source.metadata))
    return Rebuilt(notebook, notes, _about(source, matched))


def _answers(source: Source) -> set[str]:
    return {grade_id(cell) for cell in source.cells if cell.metadata.nbgrader.get("solution")}


def _missing_answer(name: str, matched: Matched) -> str:
    if name in matched.unclear:
        return "This answer could not be told apart from other cells, which may have run in another place."
    if name in matched.beside:
        return "The answer's cell could not be told apart from the cells beside it. All of them ran here, in order."
    return "The answer's cell was missing from the submission."


def _about(source: Source, matched: Matched) -> str:
    """Say what had to be done to a notebook whose cells did not come as they were handed out."""
    known = {grade_id(cell) for cell in source.cells}
    found = known.intersection(matched.names)
    said = []
    if matched.by_text - _answers(source):
        which = "The cells" if matched.by_text == found else "Some cells"
        said.append(f"{which} of this notebook had lost their ids and metadata. They were matched by text and order.")
    if matched.unclear:
        listed = ", ".join(name for name in map(grade_id, source.cells) if name in matched.unclear)
        said.append(f"These answers could not be told apart from other cells: {listed}.")
    if 2 * len(found) < len(known):
        said.append(f"Of the {len(known)} cells that count, {len(known) - len(found)} were missing.")
    if matched.unclear or 2 * len(found) < len(known):
        said.append(f"Put all answers into {source.part}.ipynb as it was handed out, and hand it in again.")
    return " ".join(said)


def _sort(
    submitted: Sequence[dict[str, Any]], names: Sequence[str], solutions: set[str]
) -> tuple[dict[str, list[str]], dict[str, list[NotebookNode]]]:
    """Split the submission into answers by ``grade_id`` and extra cells grouped by the cell that they follow.

    Of an answer that was copied, the last is the answer (what nbgrader does too); the earlier ones run before it,
    as they did for the student.
    """
    answers: dict[str, list[str]] = {}
    following: dict[str, list[NotebookNode]] = {}
    places: dict[str, str] = {}
    before = ""
    for cell, name in zip(submitted, names, strict=True):
        if not name:
            following.setdefault(before, []).append(_own(cell))
            continue
        if name in answers and name in solutions:
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
