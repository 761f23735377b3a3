"""Checks of Part 4, one function for each exercise."""

from __future__ import annotations

from course.checks.part4_down import down
from course.checks.part4_health import honest_health
from course.checks.part4_rag import rag_stack
from course.checks.part4_rag_networks import segments
from course.checks.part4_rag_scale import scaled
from course.checks.part4_start import start_order, two_services

__all__ = ["down", "honest_health", "rag_stack", "scaled", "segments", "start_order", "two_services"]
