"""The report of a check: criteria that passed, failed or are not known, and the points they earn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Any, Final

from docker.errors import NotFound

from course.errors import NoAnswer, NotKept, NotKnown

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
class Finding:
    """One criterion, as the student reads it."""

    outcome: Outcome
    message: str
    hint: str = ""
    weight: float = 1.0
    essential: bool = False

    @property
    def passed(self) -> bool:
        """Whether it earns its points."""
        return self.outcome is Outcome.PASSED


class Report:
    """Collects criteria, shows them, and counts the points."""

    def __init__(self, exercise: str) -> None:
        self.exercise = exercise
        self.findings: list[Finding] = []
        self._closed = False

    def require(
        self,
        condition: bool | Callable[[], object],
        *,
        passed: str,
        failed: str,
        hint: str = "",
        weight: float = 1.0,
        essential: bool = False,
    ) -> bool:
        """Add a criterion and return whether it passed.

        ``condition`` may be a function; a missing answer or object inside it is a failure, not an error, and so is a
        history that was not kept (`NotKept`); one that is not known (`NotKnown`) is neither. ``weight`` is
        the criterion's share of the points. Unless an ``essential`` one passes, the exercise earns nothing.
        """
        if self._closed:
            return False
        outcome = Outcome.FAILED
        try:
            if condition() if callable(condition) else condition:
                outcome = Outcome.PASSED
        except (NoAnswer, NotKept) as error:
            failed = str(error)
        except NotKnown as error:
            claim = f"It is not known whether this holds: {passed} " if passed else ""
            outcome, failed, hint = Outcome.UNKNOWN, f"{claim}{error}", ""
        except NotFound:
            pass
        ok = outcome is Outcome.PASSED
        message = _printable(passed if ok else failed)
        self.findings.append(Finding(outcome, message, "" if ok else _printable(hint), weight, essential))
        return ok

    def give_up(self, *, failed: str, hint: str = "", vouch: Callable[[], None] | None = None) -> Report:
        """Note that there is nothing to check; further criteria are left out, for they would only repeat it.

        ``vouch`` raises `NotKnown` where that cannot be told (see `course.facts.History.vouch`).
        """
        self.require(vouch or False, passed="", failed=failed, hint=hint, essential=True)
        self._closed = True
        return self

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
    """Return text without control characters: a message may quote what a student chose."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
