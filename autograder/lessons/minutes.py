"""How long a lesson takes, estimated from its text.

Nobody has been timed: the figures are those of a reader of technical English that is not the first language, and of
exercises whose model answer was typed by hand. The roles ``{minutes}`all``` and ``{minutes}`rest``` stand for the
minutes of the whole lesson, and of what follows the role.
"""

from __future__ import annotations

import re
from typing import Final

WORDS_A_MINUTE: Final = 150
"""Reading speed; of the text in closed boxes, half is counted."""
MINUTES_A_CELL: Final = 1 / 3
"""To run a cell, and to look at what it printed."""
MINUTES_AN_EXERCISE: Final = 8
"""To understand what is asked, to fail once, and to read the report."""
MINUTES_A_LINE: Final = 0.5
"""To find and type a line of the answer, as long as the model's."""

ROLE: Final = re.compile(r"\{minutes\}`(all|rest)`")
_CELL: Final = re.compile(r"^```\{code-cell\}.*?^```$", re.MULTILINE | re.DOTALL)
_BOX: Final = re.compile(r"<details>.*?</details>", re.DOTALL)
_ANSWER: Final = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


def estimate(text: str) -> float:
    """Return the minutes that a lesson's text takes to read, run and answer."""
    cells = _CELL.findall(text)
    prose = _CELL.sub("", text)
    boxed = sum(len(box.split()) for box in _BOX.findall(prose))
    words = len(_BOX.sub("", prose).split()) + boxed / 2
    exercises = sum("grade: true" in cell for cell in cells)
    lines = [line for answer in _ANSWER.findall(text) for line in answer.splitlines() if line.strip()]
    return (
        words / WORDS_A_MINUTE
        + len(cells) * MINUTES_A_CELL
        + exercises * MINUTES_AN_EXERCISE
        + len(lines) * MINUTES_A_LINE
    )


def with_minutes(text: str) -> str:
    """Return a lesson's text with its roles replaced by minutes, rounded to five."""
    return ROLE.sub(lambda role: str(rounded(text if role[1] == "all" else text[role.end() :])), text)


def rounded(text: str) -> int:
    """Return the minutes that a lesson's text takes, rounded to five."""
    return max(5, 5 * round(estimate(text) / 5))
