"""Checks of Part 6, one function and one module for each exercise, and what their hidden halves try once more."""

from __future__ import annotations

from course.checks.part6_backup import backup, same_line
from course.checks.part6_editions import both_follow, editions
from course.checks.part6_gate import gate, holds
from course.checks.part6_migration import keeps_a_book, migration
from course.checks.part6_production import all_answer, production
from course.checks.part6_tls import shows_certificate, tls

__all__ = [
    "all_answer",
    "backup",
    "both_follow",
    "editions",
    "gate",
    "holds",
    "keeps_a_book",
    "migration",
    "production",
    "same_line",
    "shows_certificate",
    "tls",
]
