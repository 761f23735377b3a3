"""Some graded cases, run as a student's check runs: on this machine's Engine, in one ordinary kernel.

All cases are graded in sandboxes (``test_submissions.py``). These show that the other door leads to the same marks.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import notebooks as nb
import pytest

from autograder.submissions import load_case
from course import reset

PARTS = "part[0-2]"
"""Later parts build with BuildKit and run Compose, which this machine's Docker may not have; a sandbox has both."""
CASES = [
    path.parent
    for case in ("command-line", "wrong-shortcuts")
    for path in sorted((nb.ROOT / "tests/submissions").glob(f"{PARTS}/{case}/expected.json"))
]

pytestmark = pytest.mark.engine


def has_compose() -> bool:
    """Tell whether the docker command of this machine has the plug-in Compose."""
    return subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0


def skip_without_compose(notebook: Any) -> None:
    """Leave a notebook out that starts projects where there is no Compose; sandboxes have it."""
    if not has_compose() and any(
        cell.cell_type == "code" and "docker compose" in cell.source for cell in notebook.cells
    ):
        pytest.skip("Compose is not installed on this machine; the sandbox has it")


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            marks=() if case.parent.name == "part0" else pytest.mark.full,
            id=f"{case.parent.name}-{case.name}",
        )
        for case in CASES
    ],
)
def test_every_case_gets_the_marks_and_messages_that_it_expects(case: Path, tmp_path: Path) -> None:
    """Right ways pass, wrong ways fail with a message of their own, and no grade cell raises."""
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    solutions = load_case(case).answers
    notebook = nb.source(case.parent.name)
    nb.replace(notebook, solutions)
    skip_without_compose(notebook)
    with nb.run_token():
        try:
            marks = nb.execute(notebook, tmp_path)
        finally:
            reset()
    wanted = {**nb.full_marks(notebook), **expected["marks"]}
    assert marks.points == wanted, "\n".join(marks.texts.values()) + f"\nerrors: {marks.errors}"
    for cell, fragment in expected["says"].items():
        assert fragment in marks.texts[cell], marks.texts[cell]
    assert not set(marks.errors) & set(wanted), "a grade cell raised"
