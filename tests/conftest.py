"""Tiers of tests, a small course for any of them, and after all tests how many verdicts on cases were false.

What is long is full; a sample of that can be taken.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from small_course import SmallCourse

SAMPLE = 24
"""Tests in a sample; one takes about half a minute in a sandbox."""
LONG = 10
"""For how many of them a long one counts."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--sample``."""
    parser.addoption("--sample", metavar="SEED", help="run some of the chosen tests only: the seed decides which")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count what is long as full: ``make test`` leaves it out. Begin with what takes long, so that no worker waits."""
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.full)
    items.sort(key=lambda item: not item.nodeid.startswith(("tests/test_submissions.py", "tests/security/")))


class Sample:
    """Takes a sample of what the other options chose."""

    def __init__(self, seed: str) -> None:
        self.seed = seed

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Choose by a hash of seed and name, so that each worker chooses the same and each commit others."""
        chosen, cost = [], 0
        for item in sorted(items, key=lambda item: hashlib.sha256(f"{self.seed} {item.nodeid}".encode()).digest()):
            price = LONG if item.get_closest_marker("long") else 1
            if cost + price <= SAMPLE:
                chosen.append(item)
                cost += price
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = [item for item in items if item in chosen]


def pytest_configure(config: pytest.Config) -> None:
    """Take a sample where one is asked for."""
    if seed := config.getoption("sample", None):
        config.pluginmanager.register(Sample(seed), "sample")


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


@pytest.fixture(scope="session")
def new_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook as nbgrader makes it; that starts alembic and takes seconds, so it is made once and copied."""
    from small_course import SmallCourse

    root = tmp_path_factory.mktemp("gradebook")
    SmallCourse(root).course.gradebook().close()
    return root / "gradebook.db"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new_gradebook: Path) -> SmallCourse:
    """A small course in a directory of its own, which is the current one."""
    from small_course import SmallCourse

    monkeypatch.chdir(tmp_path)
    shutil.copy(new_gradebook, tmp_path)
    return SmallCourse(tmp_path)
