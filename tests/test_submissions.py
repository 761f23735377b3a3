"""The graded cases of all parts, each run in a sandbox of its own, and a table of false verdicts.

A *false pass* is a wrong answer that got more than its case expects, a *false fail* a correct one that got less.

The cases run what an exercise needs, its set-up, answer and check: who skips what a lesson only shows must get the same
marks. Whole lessons are run by ``course/test_in_a_crowd.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.demo import Compared
from autograder.gradebook.execution import execute_fairly, new_job
from autograder.gradebook.preprocessors import prepare
from autograder.gradebook.records import Record
from autograder.gradebook.source import load_source
from autograder.submissions import load_case, make_submission

ROOT = Path(__file__).parents[1]
CASES = sorted(path.parent for path in (ROOT / "tests" / "submissions").glob("part*/*/expected.json"))

QUICK = {"command-line", "wrong-shortcuts", "wrong-first"}
"""One right and one wrong case of each part: ``make test`` runs these only."""

pytestmark = pytest.mark.sandbox


def test_each_part_has_a_right_and_a_wrong_quick_case() -> None:
    """So that ``make test`` sees each check say both."""
    quick = [(path.parent.name, path.name.startswith("wrong")) for path in CASES if path.name in QUICK]
    parts = sorted({path.parent.name for path in CASES})
    assert sorted(quick) == [(part, wrong) for part in parts for wrong in (False, True)]


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param(
            folder,
            marks=() if folder.name in QUICK else pytest.mark.full,
            id=f"{folder.parent.name}-{folder.name}",
        )
        for folder in CASES
    ],
)
def test_case_gets_what_it_expects(
    folder: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Right answers pass by every way, wrong ones fail, each with its own message."""
    part, case = folder.parent.name, load_case(folder)
    source, release = (ROOT / step / part / f"{part}.ipynb" for step in ("source", "release"))
    texts = (nbformat.read(path, as_version=4) for path in (source, release))
    submitted = make_submission(*texts, case.answers, case.expected.unanswered)
    path = tmp_path / f"{part}.ipynb"
    nbformat.write(only_exercises(submitted), path)
    execution = execute_fairly(new_job(prepare(load_source(source), path)))
    for cell in execution.cells:
        wanted = case.expected.mark(cell.grade_id, cell.max_points)
        record_property("mark", (part, cell.grade_id, cell.points - wanted))
    compared = Compared(case, Record.of(execution, "student", part, {}))
    assert compared.differences == []


def only_exercises(notebook: Any) -> Any:
    """The notebook without the code that belongs to no exercise."""
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type != "code" or "nbgrader" in cell.metadata]
    return notebook
