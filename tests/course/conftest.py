"""A directory of its own for the run of each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from course import notebook


@pytest.fixture(autouse=True)
def _work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "directory", lambda: tmp_path)
