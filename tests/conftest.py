"""Prints, after all tests, how many verdicts on the graded cases were false."""

from __future__ import annotations

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each exercise: its cases, false passes, false fails."""
    cases: Counter[tuple[str, str]] = Counter()
    passes: Counter[tuple[str, str]] = Counter()
    fails: Counter[tuple[str, str]] = Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, value in getattr(report, "user_properties", ()):
                if name == "mark":
                    part, exercise, difference = value
                    cases[part, exercise] += 1
                    passes[part, exercise] += difference > 0
                    fails[part, exercise] += difference < 0
    if cases:
        terminalreporter.section("graded cases")
        terminalreporter.write_line(f"{'exercise':40} {'cases':>6} {'false passes':>13} {'false fails':>12}")
        for part, exercise in cases:
            key = (part, exercise)
            line = f"{part + ' ' + exercise:40} {cases[key]:6} {passes[key]:13} {fails[key]:12}"
            terminalreporter.write_line(line)
