"""Executes a job in this very process: for tests of the gradebook's bookkeeping, which need no sandbox.

It keeps the sandbox's promises as far as the gradebook sees them: grade cells apart from the student's names,
points from the last expression, a student's crash ends the run with the marks up to there.
"""

from __future__ import annotations

import ast
import contextlib
import io
from typing import Any

from autograder.results import CellResult, Execution, Finding, Job, Verdict


class Crash(BaseException):
    """What the cells of a test raise where a real one would kill its kernel."""


def execute(job: Job) -> Execution:
    """Run the cells in order."""
    student: dict[str, Any] = {"Crash": Crash}
    results: list[CellResult] = []
    broke = ""
    notebook: dict[str, Any] = {**job.notebook, "cells": [dict(cell) for cell in job.notebook["cells"]]}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("grade"):
            most = float(meta["points"])
            if broke:
                results.append(CellResult(grade_id=meta["grade_id"], points=0, max_points=most, reached=False))
            else:
                points, findings = _grade(cell["source"], student)
                results.append(CellResult(grade_id=meta["grade_id"], points=points, max_points=most, findings=findings))
                cell["outputs"] = [
                    {
                        "output_type": "execute_result",
                        "data": {"text/plain": str(points)},
                        "metadata": {},
                        "execution_count": 1,
                    }
                ]
        elif not broke:
            try:
                cell["outputs"] = _run(cell["source"], student)
            except Crash:
                broke = "The student's kernel died."
    verdict = Verdict.SUBMISSION_BROKE if broke else Verdict.GRADED
    return Execution(verdict=verdict, reason=broke, cells=tuple(results), notebook=notebook, seconds=0.1)


def _grade(source: str, student: dict[str, Any]) -> tuple[float, tuple[Finding, ...]]:
    findings: list[Finding] = []

    def check(passed: bool, message: str) -> bool:
        findings.append(Finding(passed=passed, message=message, hint="" if passed else "Look again."))
        return passed

    tree = ast.parse(source)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    names: dict[str, Any] = {"check": check, "answer": student.get}
    exec(compile(tree, "grade", "exec"), names)
    return float(eval(compile(ast.Expression(last.value), "grade", "eval"), names)), tuple(findings)


def _run(source: str, student: dict[str, Any]) -> list[dict[str, Any]]:
    printed = io.StringIO()
    outputs: list[dict[str, Any]] = []
    student["show"] = lambda **data: outputs.append(
        {
            "output_type": "display_data",
            "data": {k.replace("_", "/"): v for k, v in data.items()},
            "metadata": {},
        }
    )
    try:
        with contextlib.redirect_stdout(printed):
            exec(source, student)
    except Exception as error:
        outputs.append(
            {
                "output_type": "error",
                "ename": type(error).__name__,
                "evalue": str(error),
                "traceback": [str(error)],
            }
        )
    if printed.getvalue():
        outputs.insert(0, {"output_type": "stream", "name": "stdout", "text": printed.getvalue()})
    return outputs
