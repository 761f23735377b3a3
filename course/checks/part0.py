"""Checks of Part 0, one function for each exercise: `part0_engine`, `part0_containers`, `part0_pull`."""

from __future__ import annotations

from course.checks.part0_containers import hello, isolated
from course.checks.part0_engine import engine_facts, is_newest, kernel
from course.checks.part0_pull import first_pull

__all__ = ["engine_facts", "first_pull", "hello", "is_newest", "isolated", "kernel"]
