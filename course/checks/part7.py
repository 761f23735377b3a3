"""Checks of Part 7, one function for each exercise.

`part7_start`, `part7_ports`, `part7_archive`, `part7_pages`, `part7_network`, `part7_way_out` and `part7_weight`.
"""

from __future__ import annotations

from course.checks.part7_archive import permission
from course.checks.part7_network import unresolved
from course.checks.part7_pages import bind_owner
from course.checks.part7_ports import port_taken
from course.checks.part7_start import at_once
from course.checks.part7_way_out import no_way_out
from course.checks.part7_weight import reclaim, slow_build

__all__ = ["at_once", "bind_owner", "no_way_out", "permission", "port_taken", "reclaim", "slow_build", "unresolved"]
