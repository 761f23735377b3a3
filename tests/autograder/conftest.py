"""Fixtures of the autograder's tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_course import SmallCourse


@pytest.fixture(scope="session")
def new_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook as nbgrader makes it; that starts alembic and takes seconds, so it is made once and copied."""
    root = tmp_path_factory.mktemp("gradebook")
    SmallCourse(root).course.gradebook().close()
    return root / "gradebook.db"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new_gradebook: Path) -> SmallCourse:
    """A small course in a directory of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(new_gradebook, tmp_path)
    return SmallCourse(tmp_path)
