"""Submissions out of a learning platform's archive, by nbgrader's own command."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.slow
def test_archives_of_moodle_and_canvas_become_submissions(tmp_path: Path) -> None:
    """Folders or flat names, a second attempt and a browser's copy: each student's notebook in its place."""
    shutil.copy(REPOSITORY / "nbgrader_config.py", tmp_path)
    archive = tmp_path / "downloaded" / "part1" / "archive"
    archive.mkdir(parents=True)
    names = {
        "Ada Byron_4711_assignsubmission_file/part1.ipynb": "Ada Byron",
        "Zoë O'Neill_4712_assignsubmission_file_part1.ipynb": "Zoë O'Neill",
        "doejane_815_4711_part1-1.ipynb": "doejane",
        "roejohn_LATE_816_4712_part1 (2).ipynb": "roejohn",
    }
    with zipfile.ZipFile(archive / "part1.zip", "w") as file:
        for name, student in names.items():
            file.writestr(name, student)
    command = [sys.executable, "-m", "nbgrader", "zip_collect", "part1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    submitted = tmp_path / "submitted"
    found = {path.parents[1].name: path.read_text() for path in submitted.glob("*/part1/part1.ipynb")}
    assert found == {student: student for student in names.values()}, done.stderr
