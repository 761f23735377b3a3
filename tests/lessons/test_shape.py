"""Every lesson has the same shape: two languages, something to do, three hints, and the reason at the end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.lessons.lesson_text import PARTS, Cell, boxes, cells, open_text

WORDS = 500
"""A reader is asked to do something after so many words at the latest."""
HINTS = ["Hint 1 · Where to look", "Hint 2 · What to try", "Hint 3 · Nearly the answer"]
_DOCKER_PY = re.compile(r"\bclient\.|\.attrs\b|\.exec_run\(|\.reload\(|\.logs\(|\.images\b|\.containers\b")

part = pytest.mark.parametrize("lesson", PARTS, ids=lambda path: path.stem)


def _to_do(cell: Cell) -> bool:
    return cell.is_answer or "# Your turn" in cell.source


@part
def test_no_stretch_is_without_something_to_do(lesson: Path) -> None:
    """Between two cells that the reader writes or changes there are at most 500 words of open text."""
    text, begin, found = lesson.read_text(encoding="utf-8"), 0, []
    for cell in [*(cell for cell in cells(text) if _to_do(cell)), Cell("", "", len(text))]:
        words = len(open_text(text[begin : cell.place]).split())
        if words > WORDS:
            found.append(f"{words} words before {cell.source[:40]!r}")
        begin = cell.place
    assert found == []


@part
def test_every_exercise_has_three_hints_and_a_reason(lesson: Path) -> None:
    """The hints lead from where to look to nearly the answer; the reason is folded until the check was run."""
    for exercise in re.split(r"^## ", lesson.read_text(encoding="utf-8"), flags=re.MULTILINE):
        if exercise.startswith("Exercise"):
            titles = [title for title, _ in boxes(exercise)]
            heading = exercise.splitlines()[0]
            assert [title for title in titles if title.startswith("Hint")] == HINTS, heading
            assert "Why · open it when the check has run" in titles, heading


@part
def test_both_languages_are_open(lesson: Path) -> None:
    """Steps are shell cells; docker-py goes on in at least eight cells, four where Compose does the work."""
    shown = [cell for cell in cells(lesson.read_text(encoding="utf-8")) if not cell.is_answer and not cell.is_check]
    in_python = [cell for cell in shown if not cell.source.startswith("%%") and _DOCKER_PY.search(cell.source)]
    assert len(in_python) >= (4 if lesson.stem in ("part4", "part6") else 8)
    assert sum(cell.is_shell for cell in shown) >= 8
    lines = [line for cell in shown for line in cell.source.splitlines() if re.match(r"!.*\bdocker\b", line)]
    assert lines == [], "a command stands in a shell cell, where it is the same line as in a terminal"


@part
def test_half_of_the_model_answers_are_commands(lesson: Path) -> None:
    """An exercise counts as answered by commands if its answer is a shell cell or a file."""
    answers = [cell for cell in cells(lesson.read_text(encoding="utf-8")) if cell.is_answer]
    asked = [cell for cell in answers if not re.search(r"^predict\(", cell.source, re.MULTILINE)]
    commands = [cell for cell in asked if cell.source.startswith(("%%bash", "%%writefile"))]
    assert len(commands) >= len(asked) / 2
