"""Checks of Part 6, one function and one module for each exercise."""

from __future__ import annotations

from course.checks.part6_backup import backup
from course.checks.part6_editions import editions
from course.checks.part6_gate import gate
from course.checks.part6_migration import migration

__all__ = ["backup", "editions", "gate", "migration"]
