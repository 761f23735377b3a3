"""The curriculum names sections and exercises that the lessons have, and each exercise of the course."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pytest

from autograder.lessons import find
from tests.lessons.lesson_text import ROOT

TEXT = (ROOT / "docs" / "curriculum.md").read_text(encoding="utf-8")
TOPICS = 69
"""Topics of the field that the course is measured by."""
MIN_TAUGHT = 45


@dataclass(frozen=True)
class Row:
    """A line of one of the tables."""

    topic: str
    mark: str
    """``taught`` or ``touched``; empty in the first table."""
    lesson: str
    section: str
    exercises: tuple[str, ...]


def _rows() -> list[Row]:
    found = []
    for line in TEXT.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "topic":
            topic, *mark, part, section, exercises = cells
            lesson = part if part == "closing" else f"part{part}"
            found.append(Row(topic, "".join(mark), lesson, section, tuple(re.findall("`([^`]+)`", exercises))))
    return found


ROWS = _rows()


@cache
def _sections(lesson: str) -> set[str]:
    text = (ROOT / "lessons" / f"{lesson}.md").read_text(encoding="utf-8")
    return set(
        re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.lesson}-{row.topic}")
def test_a_row_leads_to_a_section_and_exercises_of_its_part(row: Row) -> None:
    """A heading that was changed, or an exercise that was moved, is changed here as well."""
    assert row.section or row.exercises
    assert not row.section or row.section in _sections(row.lesson)
    assert set(row.exercises) <= {one.name for one in find(ROOT) if one.part == row.lesson}


def test_every_exercise_is_in_the_curriculum() -> None:
    """The first table names each of them."""
    named = {(row.lesson, exercise) for row in ROWS if not row.mark for exercise in row.exercises}
    assert {(one.part, one.name) for one in find(ROOT)} == named


def test_most_topics_of_the_field_are_taught() -> None:
    """Each is taught or at least touched, and named once."""
    topics = [row for row in ROWS if row.mark]
    assert len({row.topic for row in topics}) == len(topics) == TOPICS
    assert {row.mark for row in topics} == {"taught", "touched"}
    assert sum(row.mark == "taught" for row in topics) >= MIN_TAUGHT
