"""The report of a check: the exercise's demands, what was found about each, and the points they earn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Any, Final

from course import run
from course.demands import Demand, Rubric

MIME: Final = "application/vnd.docker-course.report+json"


class Outcome(StrEnum):
    """What became of a criterion, or of a demand."""

    PASSED = "passed"
    FAILED = "not yet"
    UNKNOWN = "not known"
    """The record of events has a gap, so it tells neither. It happens on a student's own Engine only."""
    OPEN = "not looked at"
    """The check ended before it reached this demand."""


MARKS: Final = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.UNKNOWN: "?", Outcome.OPEN: "·"}
_NAME: Final = re.compile(r'\bname\("([a-z0-9-]+)"\)')
TO_KNOW: Final = "What is not known earns nothing yet: run your answer once more, and this check after it."


@dataclass(frozen=True)
class Criterion:
    """What was found about a demand, as the student reads it."""

    demand: str
    """The demand's ID."""
    outcome: Outcome
    message: str = ""
    """What was seen. Empty if it passed, and there is nothing to say beside the demand's own sentence."""
    hint: str = ""
    disturbs: bool = False
    """Whether the check had to change something to find out: it edited a file, stopped or started a container."""

    def __post_init__(self) -> None:
        # A message may quote what a student chose.
        for name in ("message", "hint"):
            object.__setattr__(self, name, _printable(getattr(self, name)))

    @property
    def passed(self) -> bool:
        """Whether it holds."""
        return self.outcome is Outcome.PASSED


class Report:
    """The demands of an exercise in their order: shows what was found about each, and counts the points."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.findings: list[Criterion] = []

    def outcome(self, demand: Demand) -> Outcome:
        """Return what became of a demand: it is met if all that was found about it passed."""
        outcomes = {finding.outcome for finding in self.findings if finding.demand == demand.id}
        for worst in (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED):
            if worst in outcomes:
                return worst
        return Outcome.OPEN

    def share(self) -> float:
        """Return the part of the points that is earned, from 0 to 1."""
        demands = self.rubric.demands
        met = [demand for demand in demands if self.outcome(demand) is Outcome.PASSED]
        total = sum(demand.share for demand in demands)
        if total <= 0 or any(demand.essential and demand not in met for demand in demands):
            return 0.0
        return sum(demand.share for demand in met) / total

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
        findings: list[dict[str, Any]] = [
            {"demand": f.demand, "passed": f.passed, "message": f.message, "hint": f.hint}
            | ({"known": False} if f.outcome is Outcome.UNKNOWN else {})
            for f in self.findings
        ]
        demands = [
            {"id": demand.id, "text": demand.text, "essential": demand.essential, "outcome": self.outcome(demand).value}
            for demand in self.rubric.demands
        ]
        return {
            "text/plain": self._text(points, earned),
            "text/html": self._html(points, earned),
            MIME: {"exercise": self.rubric.title, "points": earned, "demands": demands, "findings": findings},
        }

    def _text(self, points: float, earned: float) -> str:
        lines = [self._head(points, earned)]
        for demand in self.rubric.demands:
            lines.append(f"  {MARKS[self.outcome(demand)]} {_as_text(demand.text)}")
            for finding in self._worth_saying(demand):
                lines += [f"      {finding.message}"] if finding.message else []
                lines += [f"      → {finding.hint}"] if finding.hint else []
        return "\n".join(lines + [f"  {note}" for note in self._notes()])

    def _html(self, points: float, earned: float) -> str:
        items = []
        for demand in self.rubric.demands:
            outcome = self.outcome(demand)
            said = "".join(
                (f"<br>{escape(finding.message)}" if finding.message else "")
                + (f"<br><em>{escape(finding.hint)}</em>" if finding.hint else "")
                for finding in self._worth_saying(demand)
            )
            items.append(
                f'<li style="list-style:none"><span role="img" aria-label="{outcome.value}">{MARKS[outcome]}</span> '
                f"{escape(_as_text(demand.text))}{said}</li>"
            )
        notes = "".join(f"<p>{note}</p>" for note in self._notes())
        head = escape(self._head(points, earned))
        return f"<div><strong>{head}</strong><ul>{''.join(items)}</ul>{notes}</div>"

    def _worth_saying(self, demand: Demand) -> list[Criterion]:
        """Return what was found about a demand: of one that is not met, only why."""
        found = [finding for finding in self.findings if finding.demand == demand.id]
        return [finding for finding in found if not finding.passed] or found

    def _notes(self) -> list[str]:
        notes = [TO_KNOW] if self._unknown() else []
        if any(self.outcome(demand) is Outcome.OPEN for demand in self.rubric.demands):
            notes.append(f"{MARKS[Outcome.OPEN]} was not looked at: it follows from what is not met yet.")
        return notes

    def _unknown(self) -> int:
        return sum(self.outcome(demand) is Outcome.UNKNOWN for demand in self.rubric.demands)

    def _head(self, points: float, earned: float) -> str:
        unknown = self._unknown()
        note = f", {unknown} not known" if unknown else ""
        return f"{self.rubric.title}: {earned:g} of {points:g} points{note}"


def _printable(text: str) -> str:
    """Return text without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _as_text(text: str) -> str:
    """Return a demand's sentence without Markdown's marks, and with this run's names in place of ``name("web")``."""
    return _NAME.sub(lambda found: run.name(found[1]), text).replace("`", "").replace("*", "")
