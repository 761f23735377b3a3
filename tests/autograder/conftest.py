"""Fixtures of the autograder's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_course import SmallCourse


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallCourse:
    """A small course in a directory of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return SmallCourse(tmp_path)
