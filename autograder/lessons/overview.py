"""The table of the parts in the README, made from the lessons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from autograder.errors import BadInput
from autograder.lessons.exercises import CLOSING, Exercise
from autograder.lessons.minutes import rounded

_TABLE: Final = re.compile(r"(<!-- parts: made from the lessons -->\n).*?(<!-- end of parts -->)", re.DOTALL)
_TITLE: Final = re.compile(r"^# (?:Part )?(.+)$", re.MULTILINE)


def with_table(
    readme: str, texts: Mapping[str, str], exercises: Sequence[Exercise], points: Mapping[str, float]
) -> str:
    """Return the README with its table of parts: exercises, estimated minutes, points.

    Args:
        readme: its text; two comments stand around the table.
        texts: the lessons' texts, by part.
        exercises: those of the whole course.
        points: the points that each part is worth.

    Raises:
        BadInput: if the comments are missing.
    """
    rows = ["| part | exercises | minutes | points |", "|---|---|---|---|"]
    for part, text in texts.items():
        title, numbers = _TITLE.search(text), [each.number for each in exercises if each.part == part]
        name = "Closing page: a command reference that runs" if part == CLOSING else title[1] if title else part
        span = f"{numbers[0]}–{numbers[-1]}" if numbers else ""
        rows.append(f"| {name} | {span} | {rounded(text)} | {points[part]:g} |" if numbers else f"| {name} | | | |")
    table = "\n".join(rows)
    made, found = _TABLE.subn(lambda match: f"{match[1]}\n{table}\n\n{match[2]}", readme)
    if not found:
        raise BadInput("README.md has no place for the table of parts: two comments, parts and end of parts.")
    return made
