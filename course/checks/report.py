"""The report of a check: criteria that passed or failed, and the points they earn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from docker.errors import NotFound

from course.errors import NoAnswer

MIME: Final = "application/vnd.docker-course.report+json"


@dataclass(frozen=True)
class Finding:
    """One criterion, as the student reads it."""

    passed: bool
    message: str
    hint: str = ""
    weight: float = 1.0
    essential: bool = False


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

        ``condition`` may be a function; a missing answer or object inside it is a failure, not an error. ``weight`` is
        the criterion's share of the points. If an ``essential`` one fails, the exercise earns nothing.
        """
        if self._closed:
            return False
        try:
            ok = bool(condition() if callable(condition) else condition)
        except NoAnswer as error:
            ok, failed = False, str(error)
        except NotFound:
            ok = False
        message = _printable(passed if ok else failed)
        self.findings.append(Finding(ok, message, "" if ok else _printable(hint), weight, essential))
        return ok

    def give_up(self, *, failed: str, hint: str = "") -> Report:
        """Note that there is nothing to check; further criteria are left out, for they would only repeat it."""
        self.require(False, passed="", failed=failed, hint=hint, essential=True)
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
        shown = [{"passed": f.passed, "message": f.message, "hint": f.hint} for f in self.findings]
        return {
            "text/plain": self._text(points, earned),
            "text/html": self._html(points, earned),
            MIME: {"exercise": self.exercise, "points": earned, "findings": shown},
        }

    def _text(self, points: float, earned: float) -> str:
        lines = [f"{self.exercise}: {earned:g} of {points:g} points"]
        for finding in self.findings:
            lines.append(f"  {'✓' if finding.passed else '✗'} {finding.message}")
            if finding.hint:
                lines.append(f"      → {finding.hint}")
        return "\n".join(lines)

    def _html(self, points: float, earned: float) -> str:
        items = []
        for finding in self.findings:
            word = "passed" if finding.passed else "not yet"
            mark = "✓" if finding.passed else "✗"
            hint = f"<br><em>{escape(finding.hint)}</em>" if finding.hint else ""
            items.append(
                f'<li style="list-style:none"><span role="img" aria-label="{word}">{mark}</span> '
                f"{escape(finding.message)}{hint}</li>"
            )
        head = f"{escape(self.exercise)}: {earned:g} of {points:g} points"
        return f"<div><strong>{head}</strong><ul>{''.join(items)}</ul></div>"


def _printable(text: str) -> str:
    """Return text without control characters: a message may quote what a student chose."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
