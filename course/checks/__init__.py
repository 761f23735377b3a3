"""Checks: criteria on facts. They need no screen; a grade cell shows their report."""

from __future__ import annotations

from course.checks.report import Finding, Report

__all__ = ["Finding", "Report"]
