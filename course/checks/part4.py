"""Checks of Part 4, one function for each exercise."""

from __future__ import annotations

from course.checks.part4_down import down
from course.checks.part4_health import honest
from course.checks.part4_rag import rag_stack
from course.checks.part4_rag_networks import rag_segments
from course.checks.part4_rag_scale import rag_scale
from course.checks.part4_start import start_order, two_services

__all__ = ["down", "honest", "rag_scale", "rag_segments", "rag_stack", "start_order", "two_services"]
