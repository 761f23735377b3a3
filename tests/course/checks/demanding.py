"""Rubrics for tests, with the demands that a test names."""

from __future__ import annotations

from course.checks.check import Check
from course.demands import Demand, Rubric


def rubric(*demands: str, needed: str = "", points: float = 4) -> Rubric:
    """Return a rubric with these demands, of equal shares; those in ``needed`` (by blanks) are essential."""
    listed = tuple(Demand(id, f"The {id} is as it should be.", essential=id in needed.split()) for id in demands)
    return Rubric("X", points, listed)


def check_of(*demands: str, needed: str = "") -> Check:
    """Return a check by such a rubric."""
    return Check(rubric(*demands, needed=needed))
