"""Checks of Part 4, one function for each exercise."""

from __future__ import annotations

from course.checks.part4_down import down
from course.checks.part4_health import honest
from course.checks.part4_rag import rag_stack
from course.checks.part4_rag_networks import rag_segments
from course.checks.part4_rag_scale import rag_scale
from course.checks.part4_rag_steps import rag_api, rag_stores
from course.checks.part4_services import two_services
from course.checks.part4_start import start_order, wait_healthy

__all__ = [
    "down",
    "honest",
    "rag_api",
    "rag_scale",
    "rag_segments",
    "rag_stack",
    "rag_stores",
    "start_order",
    "two_services",
    "wait_healthy",
]
