"""Checks of Part 5, one function for each exercise."""

from __future__ import annotations

from course.checks.part5_health import unhealthy
from course.checks.part5_rights import hardened, not_root
from course.checks.part5_running import logs, memory
from course.checks.part5_secret import five_places
from course.checks.part5_supply import pinned

__all__ = ["five_places", "hardened", "logs", "memory", "not_root", "pinned", "unhealthy"]
