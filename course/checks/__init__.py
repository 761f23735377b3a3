"""Checks: criteria on facts. They need no screen; a grade cell shows their report."""

from __future__ import annotations

from course.checks.report import Finding, Outcome, Report

__all__ = ["Finding", "Outcome", "Report"]
