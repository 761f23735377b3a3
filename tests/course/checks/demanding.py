"""Exercises for tests, with the demands that a test names."""

from __future__ import annotations

from course.checks.check import Check
from course.demands import Demand, Exercise


def exercise(*demands: str, needed: str = "", points: float = 4) -> Exercise:
    """Return an exercise with these demands, of equal shares; those in ``needed`` (by blanks) are essential."""
    listed = tuple(Demand(id, f"The {id} is as it should be.", essential=id in needed.split()) for id in demands)
    return Exercise("X", points, listed)


def check_of(*demands: str, needed: str = "") -> Check:
    """Return a check of such an exercise."""
    return Check(exercise(*demands, needed=needed))
