"""Tell which cell of the course each cell of a submission is.

A cell is known by its ``grade_id``, else by its id. Some editors throw both away. What then still tells the cells apart
is the text that the student was given, and the order: both notebooks are aligned as ``diff`` aligns two files, and what
stands between two aligned cells is an answer if there are as many cells as places for them.

The result only says which submitted text is which answer, and where the student's own cells stand. It decides nothing
about a locked cell or a grade cell, whose text always comes from the source (`autograder.gradebook.rebuild`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nbformat import NotebookNode

from autograder.errors import BadInput
from autograder.gradebook.source import Source, grade_id, lines, marks_of, text_key

BY_NAME, KNOWN, OWN = 1000, 10, 1
"""What a pair of cells counts in the alignment: by its name, by the text of a cell that counts, of another cell."""

Pair = tuple[int, int]
"""Places of a released cell and of the submitted cell that it became."""


@dataclass(frozen=True)
class Matched:
    """What each cell of a submission is."""

    names: list[str]
    """For each submitted cell the ``grade_id`` of the course's cell that it is; "" for one of the student's own."""
    by_text: frozenset[str] = frozenset()
    """Those that neither ``grade_id`` nor id told."""
    beside: frozenset[str] = frozenset()
    """Answers that are not told from the student's own cells beside them; all of these run where the answer would."""
    unclear: frozenset[str] = frozenset()
    """Answers of which it is not clear either behind which set-up and before which check they belong."""


def match(source: Source, submitted: Sequence[dict[str, Any]]) -> Matched:
    """Match submitted cells (see ``read_submission``) with those of the course."""
    ids = {cell.id: grade_id(cell) for cell in source.cells}
    known = set(ids.values())
    names = [grade_id(NotebookNode(cell)) or ids.get(str(cell["id"]), "") for cell in submitted]
    names = [name if name in known else "" for name in names]
    missing = known.difference(names)
    return _Alignment(source.student, submitted, names, missing).matched() if missing else Matched(names)


def recognise(source: Source, submitted: Iterable[dict[str, Any]]) -> None:
    """Make sure that this is the part's notebook.

    Raises:
        BadInput: if none of the part's cells is there; the message names the part whose notebook it is.
    """
    found = set().union(*(marks_of(NotebookNode(cell)) for cell in submitted))
    ours = set().union(*map(marks_of, source.student))
    own = len(found & ours.difference(*source.others.values()))
    theirs = {part: len(found & marks - ours) for part, marks in source.others.items()}
    other = max(theirs, key=theirs.__getitem__, default="")
    # A few cells of ours may have been copied there; one who put two parts into one notebook has both.
    if other and 4 * own < theirs[other]:
        raise BadInput(
            f"This is the notebook of {_title(other)}, handed in as {source.part}.ipynb. "
            f"Hand in the notebook of {_title(source.part)} under that name."
        )
    if not own:
        raise BadInput(
            f"No cell of {_title(source.part)} was found in this notebook, neither by its id nor by its text, so the "
            f"answers could not be told apart. Put your answers into {source.part}.ipynb as it was handed out, save it "
            "and hand it in again."
        )


def _title(part: str) -> str:
    """Return a part's name as people say it: the part part1 is called Part 1."""
    number = part.removeprefix("part")
    return f"Part {number}" if number.isdecimal() else part


class _Alignment:
    """The released cells beside the submitted ones."""

    def __init__(
        self, given: Sequence[NotebookNode], submitted: Sequence[dict[str, Any]], names: list[str], missing: set[str]
    ) -> None:
        self._given = given
        self._submitted = submitted
        self._names = names
        self._missing = missing
        self._texts = [lines(cell["source"]) for cell in submitted]

    def matched(self) -> Matched:
        """Return what each submitted cell is."""
        names = list(self._names)
        beside: set[str] = set()
        unclear: set[str] = set()
        pairs = self._align()
        for given, cell in pairs:
            names[cell] = grade_id(self._given[given])
        ends = (len(self._given), len(self._submitted))
        for (above, first), (below, last) in pairwise([(-1, -1), *pairs, ends]):
            lost = [place for place in range(above + 1, below) if self._is_lost(place)]
            free = [place for place in range(first + 1, last) if self._is_free(place, names)]
            answers = [place for place in lost if self._is_answer(place)]
            if len(lost) == len(free) and all(map(self._fits, lost, free)):
                found = list(zip(lost, free, strict=True))
            elif len(answers) == len(free):
                found = list(zip(answers, free, strict=True))
            else:
                found = []
                fixed = any(grade_id(self._given[place]) for place in set(lost).difference(answers))
                if free:
                    (unclear if fixed else beside).update(grade_id(self._given[place]) for place in answers)
            for given, cell in found:
                names[cell] = grade_id(self._given[given])
        return Matched(names, frozenset(self._missing.intersection(names)), frozenset(beside), frozenset(unclear))

    def _is_answer(self, place: int) -> bool:
        return bool(self._given[place].metadata.get("nbgrader", {}).get("solution"))

    def _is_lost(self, place: int) -> bool:
        """Whether a released code cell may be one of the submitted cells that have no name."""
        cell = self._given[place]
        return cell.cell_type == "code" and (not grade_id(cell) or grade_id(cell) in self._missing)

    def _is_free(self, place: int, names: list[str]) -> bool:
        return not names[place] and self._submitted[place]["cell_type"] == "code" and bool(self._texts[place])

    def _fits(self, given: int, cell: int) -> bool:
        """Whether a submitted cell can be this one by its order alone; a locked cell must be half there."""
        if self._is_answer(given) or not grade_id(self._given[given]):
            return True
        text = set(lines(self._given[given].source))
        return 2 * len(text.intersection(self._texts[cell])) >= len(text)

    def _align(self) -> list[Pair]:
        """Return pairs in the order of both notebooks, of those ways to pair them the one that counts most."""
        candidates = self._candidates()
        rows, columns = len(self._given), len(self._submitted)
        best = [[0] * (columns + 1) for _ in range(rows + 1)]
        for row in range(rows - 1, -1, -1):
            here, below = best[row], best[row + 1]
            for column in range(columns - 1, -1, -1):
                here[column] = max(below[column], here[column + 1], below[column + 1] + candidates[row].get(column, -1))
        pairs: list[Pair] = []
        row = column = 0
        while row < rows and column < columns:
            if best[row][column] == best[row + 1][column + 1] + candidates[row].get(column, -1):
                pairs.append((row, column))
                row, column = row + 1, column + 1
            elif best[row][column] == best[row][column + 1]:
                column += 1
            else:
                row += 1
        return self._last_copies(pairs, candidates)

    def _last_copies(self, pairs: list[Pair], candidates: list[dict[int, int]]) -> list[Pair]:
        """Let of a copied answer or check the last one count: what the student tried before it runs before it."""
        after = len(self._submitted)
        moved: list[Pair] = []
        for row, column in reversed(pairs):
            facts = self._given[row].metadata.get("nbgrader", {})
            if facts.get("grade") or facts.get("solution"):
                column = max(place for place in candidates[row] if place < after)
            moved.append((row, column))
            after = column
        return moved[::-1]

    def _candidates(self) -> list[dict[int, int]]:
        """Return for each released cell the submitted ones that it may be, with what such a pair counts."""
        by_name: dict[str, list[int]] = defaultdict(list)
        by_text: dict[str, list[int]] = defaultdict(list)
        by_line: dict[str, list[int]] = defaultdict(list)
        for place, (name, text) in enumerate(zip(self._names, self._texts, strict=True)):
            if name:
                by_name[name].append(place)
            elif text:
                by_text["\n".join(text)].append(place)
                for line in set(text):
                    by_line[line].append(place)
        of_one_cell = _lines_of_one_cell(self._given)
        candidates = []
        for cell in self._given:
            name = grade_id(cell)
            if name and name not in self._missing:
                found = dict.fromkeys(by_name[name], BY_NAME)
            elif cell.metadata.get("nbgrader", {}).get("solution"):
                found = {place: KNOWN for line in of_one_cell & set(lines(cell.source)) for place in by_line[line]}
            else:
                found = dict.fromkeys(by_text[text_key(cell.source)], KNOWN if name else OWN)
            candidates.append(found)
        return candidates


def _lines_of_one_cell(cells: Iterable[NotebookNode]) -> set[str]:
    """Return the lines that stand in one cell only: an answer that has kept such a line can be told by it."""
    counts = Counter(line for cell in cells for line in set(lines(cell.source)))
    return {line for line, count in counts.items() if count == 1}
