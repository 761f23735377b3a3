"""The control run: the same notebook without the student's work.

A check that fails by itself is the grader's fault, and then there is no mark. But a student may prefer no mark to a bad
one, and bring a check to fail by what it finds. So where a run went wrong twice, the notebook is run once without its
answers: if that goes well, grader and machine are in order, and what made the difference is the student's work.
"""

from __future__ import annotations

import copy
from typing import Any

from autograder.results import CellResult, Execution, Finding, Verdict


def unanswered(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a rebuilt notebook without its answers and without the student's own cells."""
    cells = [copy.deepcopy(cell) for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    for cell in cells:
        if cell["metadata"]["nbgrader"].get("solution"):
            cell["source"] = "pass" if cell["cell_type"] == "code" else ""
    return {**notebook, "cells": cells}


def with_failures_as_nothing(execution: Execution) -> Execution:
    """Return an execution in which each check that failed gives 0 points, with the reason; it stays flagged."""
    cells = tuple(_nothing(cell) if cell.failure else cell for cell in execution.cells)
    failed = [cell.failure for cell in cells if cell.failure]
    reason = f"A person has to look at it: {' '.join(failed)} The same notebook without answers is judged well."
    return execution.model_copy(update={"verdict": Verdict.GRADED, "cells": cells, "reason": reason})


def _nothing(cell: CellResult) -> CellResult:
    finding = Finding(
        passed=False,
        message=f"This check could not judge what this notebook left behind. {cell.failure}",
        hint="Without your answers it works, so the cause is in your work. It is marked for a person to look at.",
    )
    return cell.model_copy(update={"points": 0.0, "findings": (finding,)})
