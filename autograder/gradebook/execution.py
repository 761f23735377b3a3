"""Run one submission in a sandbox, again if the grader broke, and validate the result against the request."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from autograder.errors import GraderBroke, SandboxEnded, TimeLimit
from autograder.gradebook import control_run
from autograder.results import CellProgress, CellResult, Execution, Job, Limits, Verdict

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from autograder.sandbox import Sandbox

Execute = Callable[[Job], Execution]
"""What runs a job: ``run_in_sandbox``, or in tests a function that needs no sandbox."""


def run_in_sandbox(job: Job, watch: Callable[[CellProgress], None] | None = None) -> Execution:
    """Execute ``job`` in a fresh sandbox, which is gone when this returns.

    Args:
        job: what to run.
        watch: called at each cell's start and end, from a thread of its own.

    Raises:
        GraderBroke: if the sandbox gave no result that can be read; the message ends with what it wrote last.
        SandboxError: if the sandbox could not be started.
        SandboxEnded, TimeLimit: if it did not outlast the notebook, or the notebook its time.
    """
    from autograder.gradebook.ready import ReadySandbox

    began = time.monotonic()
    with ReadySandbox(job.limits, job.run, watch) as ready:
        wait = time.monotonic() - began
        return waited(ready.run(job), wait)


def waited(execution: Execution, seconds: float) -> Execution:
    """Note how long an execution waited for its sandbox."""
    return execution.model_copy(update={"timings": execution.timings.model_copy(update={"wait": seconds})})


def run_job(box: Sandbox, job: Job) -> Execution:
    """Execute ``job`` in a sandbox that is there already; errors as for `run_in_sandbox`."""
    from autograder.gradebook.ready import Runner

    runner = Runner(box, job.run)
    runner.start()
    return runner.run(job)


def new_job(notebook: NotebookNode, limits: Limits | None = None) -> Job:
    """Return a job for ``notebook`` with a random value of its own."""
    return Job(notebook=_plain(notebook), run=secrets.token_hex(6), limits=limits or Limits())


def execute_fairly(job: Job, execute: Execute = run_in_sandbox) -> Execution:
    """Execute ``job``; where the grader broke, once more, with another random value.

    Never raises for a failing execution: the verdict is then ``GRADER_BROKE``, with the reason. But a student who
    expects a bad mark must not be able to have none instead, so `Cause` says what both tries together lead to.

    It is a plain function of plain data, so that any ``concurrent.futures`` executor can run it anywhere.
    """
    first = _attempt(job, execute)
    if first.execution.verdict is not Verdict.GRADER_BROKE:
        return first.execution
    second = _attempt(job.model_copy(update={"run": secrets.token_hex(6)}), execute)
    execution = second.execution
    if execution.verdict is not Verdict.GRADER_BROKE:
        return execution
    points = expected_points(job.notebook)
    cause = min(first.cause, second.cause)
    if cause is Cause.NOTEBOOK:
        return not_run(f"{execution.reason} (So it was twice.)", points)
    if cause is Cause.DOUBTFUL and _control_is_graded(job, execute):
        if not execution.cells:
            return not_run(f"{execution.reason} (So it was twice, and not without the answers.)", points)
        return _checked(control_run.with_failures_as_nothing(execution), points)
    if execution.reason != first.execution.reason:
        reason = f"{execution.reason} (The first try ended so: {first.execution.reason})"
        execution = execution.model_copy(update={"reason": reason})
    return execution.model_copy(update={"cells": ()})


def _control_is_graded(job: Job, execute: Execute) -> bool:
    """Whether the notebook without the student's work is judged as it should be, each check of it."""
    update = {"run": secrets.token_hex(6), "notebook": control_run.unanswered(job.notebook)}
    return _attempt(job.model_copy(update=update), execute).execution.verdict is Verdict.GRADED


def not_run(reason: str, points: dict[str, float]) -> Execution:
    """Return the result of a submission that cannot be run: it broke, and no grade cell was reached."""
    cells = tuple(CellResult(grade_id=name, points=0, max_points=most, reached=False) for name, most in points.items())
    return Execution(verdict=Verdict.SUBMISSION_BROKE, reason=reason, cells=cells)


def expected_points(notebook: dict[str, Any]) -> dict[str, float]:
    """Maximum points of each grade cell of a trusted notebook, by ``grade_id``, in order."""
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: float(cell["metadata"]["nbgrader"]["points"])
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }


class Cause(IntEnum):
    """What may have kept a try from a verdict. Of two tries the lower one counts: the student has the benefit."""

    MACHINE = 0
    """It ended before the sandbox did anything with the notebook: there is no mark."""
    DOUBTFUL = 1
    """It ended in the sandbox. A control run without the student's work tells whose fault it is (`control_run`)."""
    NOTEBOOK = 2
    """The sandbox had started, and did not survive the notebook, which wears it out: the submission broke."""


@dataclass(frozen=True)
class _Attempt:
    """One try."""

    execution: Execution
    cause: Cause = Cause.DOUBTFUL
    """Of no account where there is a verdict."""


def _attempt(job: Job, execute: Execute) -> _Attempt:
    try:
        execution = _checked(execute(job), expected_points(job.notebook))
        return _Attempt(execution.model_copy(update={"run": job.run, "seed": job.seed}))
    except GraderBroke as error:
        return _Attempt(_broke(str(error)))
    except TimeLimit as error:
        reason = f"The sandbox reached its limit of {job.limits.seconds:.0f} seconds without a result. {error}"
        return _Attempt(_broke(reason), Cause.NOTEBOOK)
    except SandboxEnded as error:
        reason = f"The sandbox did not survive this notebook, which used up its memory or its processes. {error}"
        return _Attempt(_broke(reason), Cause.NOTEBOOK)
    except Exception as error:  # whatever it is: the batch goes on, and this submission gets no mark
        return _Attempt(_broke(str(error) or type(error).__name__), Cause.MACHINE)


def _broke(reason: str) -> Execution:
    return Execution(verdict=Verdict.GRADER_BROKE, reason=reason)


def _checked(execution: Execution, expected: dict[str, float]) -> Execution:
    """Compare a result with what was asked: each grade cell once, no more points than it has.

    Raises:
        GraderBroke: where they differ; such a result is no basis for a mark.
    """
    if execution.verdict is Verdict.GRADER_BROKE:
        return execution
    if not execution.verdict.gives_mark:
        raise GraderBroke(f"The execution ended with the verdict {execution.verdict!r}, which no execution can have.")
    found = {cell.grade_id: cell for cell in execution.cells}
    if len(found) != len(execution.cells) or not found.keys() <= expected.keys():
        raise GraderBroke("The execution gave results for grade cells that it was not asked for.")
    missing = [name for name in expected if name not in found or not found[name].reached]
    if missing and execution.verdict is Verdict.GRADED:
        raise GraderBroke(f"The execution gave no result for {', '.join(missing)}.")
    cells = []
    for name, most in expected.items():
        cell = found.get(name) or CellResult(grade_id=name, points=0, max_points=most, reached=False)
        if cell.points > most or (not cell.reached and cell.points):
            raise GraderBroke(f"The execution gave {cell.points} of {most} points for {name}.")
        cells.append(cell.model_copy(update={"max_points": most}))
    return execution.model_copy(update={"cells": tuple(cells)})


def _plain(value: Any) -> Any:
    """Turn a notebook node into plain dictionaries and lists; texts are not copied."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
