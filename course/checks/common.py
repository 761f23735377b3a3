"""Criteria and answers that several checks share."""

from __future__ import annotations

import re
from typing import Any

from course.answers import answer
from course.checks.report import Report
from course.errors import NoAnswer

_DIGEST = re.compile(r"(?:.*@)?(?:sha256:)?([0-9a-f]{64})")


def whole_number(name: str) -> int:
    """Return the student's variable as a whole number; raises `NoAnswer` if it is something else."""
    value = answer(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise NoAnswer(f"{name} is {str(value)[:60]!r}; a whole number was expected.")
    return value


def digest(name: str) -> str:
    """Return the 64 hexadecimal digits in the student's variable: a digest, an ID, or a name by digest.

    Raises `NoAnswer` if there are none.
    """
    value = answer(name)
    match = _DIGEST.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise NoAnswer(f"{name} is {str(value)[:80]!r}; expected was text with sha256: and 64 digits.")
    return match[1]


def require_prediction(report: Report, question: str) -> None:
    """Add the criterion that a prediction was written down; whether it was right does not matter."""

    def made() -> bool:
        guesses: Any = answer("predictions")
        return isinstance(guesses, dict) and question in guesses

    report.require(
        made,
        passed="A prediction was written down first.",
        failed="No prediction was written down.",
        hint="A wrong guess costs nothing; a missing one does.",
    )
