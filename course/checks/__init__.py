"""Checks: criteria on facts. They need no screen; a grade cell shows their report."""

from __future__ import annotations

from course.checks.report import Criterion, Outcome, Report

__all__ = ["Criterion", "Outcome", "Report"]
