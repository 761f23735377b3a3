"""Checks of Part 4, one function for each exercise: `part4_start`, `part4_health`, `part4_rag`, `part4_down`."""

from __future__ import annotations

from course.checks.part4_down import down
from course.checks.part4_health import honest_health
from course.checks.part4_rag import rag_stack, scaled, segments
from course.checks.part4_start import start_order, two_services

__all__ = ["down", "honest_health", "rag_stack", "scaled", "segments", "start_order", "two_services"]
