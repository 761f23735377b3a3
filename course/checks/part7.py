"""Checks of Part 7, one function for each exercise: `part7_start`, `part7_access`, `part7_weight`."""

from __future__ import annotations

from course.checks.part7_access import permission, unresolved
from course.checks.part7_start import at_once, port_taken
from course.checks.part7_weight import reclaim, slow_build

__all__ = ["at_once", "permission", "port_taken", "reclaim", "slow_build", "unresolved"]
