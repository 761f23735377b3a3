"""Checks of Part 5, one function for each exercise: `part5_rights`, `part5_running`, `part5_supply`."""

from __future__ import annotations

from course.checks.part5_rights import hardened, not_root
from course.checks.part5_running import health, logs, memory
from course.checks.part5_supply import pinned

__all__ = ["hardened", "health", "logs", "memory", "not_root", "pinned"]
