"""The report of a check: criteria that passed, failed or are not known, and the points they earn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Any, Final

MIME: Final = "application/vnd.docker-course.report+json"


class Outcome(StrEnum):
    """What became of a criterion."""

    PASSED = "passed"
    FAILED = "not yet"
    UNKNOWN = "not known"
    """The record of events has a gap, so it tells neither. It happens on a student's own Engine only."""


MARKS: Final = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.UNKNOWN: "?"}
TO_KNOW: Final = "What is not known earns nothing yet: run your answer once more, and this check after it."


@dataclass(frozen=True)
class Criterion:
    """One criterion, as the student reads it."""

    outcome: Outcome
    message: str
    hint: str = ""
    weight: float = 1.0
    """Its share of the points."""
    essential: bool = False
    """Unless it passes, the exercise earns nothing."""

    def __post_init__(self) -> None:
        # A message may quote what a student chose.
        for name in ("message", "hint"):
            object.__setattr__(self, name, _printable(getattr(self, name)))

    @property
    def passed(self) -> bool:
        """Whether it earns its points."""
        return self.outcome is Outcome.PASSED


class Report:
    """The criteria of an exercise in their order: shows them, and counts the points."""

    def __init__(self, exercise: str) -> None:
        self.exercise = exercise
        self.findings: list[Criterion] = []

    def share(self) -> float:
        """Return the part of the points that is earned, from 0 to 1."""
        total = sum(finding.weight for finding in self.findings)
        if total <= 0 or any(finding.essential and not finding.passed for finding in self.findings):
            return 0.0
        return sum(finding.weight for finding in self.findings if finding.passed) / total

    def points(self, most: float) -> float:
        """Return what is earned of ``most`` points, rounded to hundredths, a whole number where it is one."""
        earned = float(round(most * self.share(), 2))
        return int(earned) if earned.is_integer() else earned

    def show(self, points: float) -> float:
        """Display the report, where there is a display, and return what was earned of ``points``."""
        try:
            from IPython.display import display
        except ImportError:
            return self.points(points)
        display(self.bundle(points), raw=True)
        return self.points(points)

    def bundle(self, points: float) -> dict[str, Any]:
        """Return the report as text, as HTML and as data, by MIME type."""
        earned = self.points(points)
        shown: list[dict[str, Any]] = [
            {"passed": f.passed, "message": f.message, "hint": f.hint}
            | ({"known": False} if f.outcome is Outcome.UNKNOWN else {})
            for f in self.findings
        ]
        return {
            "text/plain": self._text(points, earned),
            "text/html": self._html(points, earned),
            MIME: {"exercise": self.exercise, "points": earned, "findings": shown},
        }

    def _text(self, points: float, earned: float) -> str:
        lines = [self._head(points, earned)]
        for finding in self.findings:
            lines.append(f"  {MARKS[finding.outcome]} {finding.message}")
            if finding.hint:
                lines.append(f"      → {finding.hint}")
        return "\n".join(lines + [f"  {TO_KNOW}"] * bool(self._unknown()))

    def _html(self, points: float, earned: float) -> str:
        items = []
        for finding in self.findings:
            word, mark = finding.outcome.value, MARKS[finding.outcome]
            hint = f"<br><em>{escape(finding.hint)}</em>" if finding.hint else ""
            items.append(
                f'<li style="list-style:none"><span role="img" aria-label="{word}">{mark}</span> '
                f"{escape(finding.message)}{hint}</li>"
            )
        note = f"<p>{TO_KNOW}</p>" if self._unknown() else ""
        head = escape(self._head(points, earned))
        return f"<div><strong>{head}</strong><ul>{''.join(items)}</ul>{note}</div>"

    def _unknown(self) -> int:
        return sum(finding.outcome is Outcome.UNKNOWN for finding in self.findings)

    def _head(self, points: float, earned: float) -> str:
        unknown = self._unknown()
        note = f", {unknown} not known" if unknown else ""
        return f"{self.exercise}: {earned:g} of {points:g} points{note}"


def _printable(text: str) -> str:
    """Return text without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
