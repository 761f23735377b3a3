"""Try one exercise: grade it in a sandbox without the rest of its part.

It is the inner loop of whoever writes an exercise. The lesson's text is read as it is now, its notebooks need not be
built; the sandbox holds the files as they are now. Only what the exercise needs runs, so this takes a few seconds
beside the cells themselves.
"""

from __future__ import annotations

import copy
import secrets
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import BadInput, GraderBroke, SandboxError
from autograder.gradebook.execution import run_job
from autograder.host import Progress, silent
from autograder.lessons import Exercise, Lesson, find, parse, unsolved
from autograder.lessons.exercises import CHECK, alone, find_one
from autograder.results import CellResult, Demanded, Execution, Finding, Job, Limits, Verdict
from autograder.sandbox import Sandbox, refresh
from autograder.submissions import Expected, load_case

MARKS = {"passed": "✓", "not yet": "✗", "not known": "?", "not looked at": "·"}
"""What stands before a demand, by what became of it."""

MODEL = "model solution"
"""What a trial without answers of its own is called."""


@dataclass(frozen=True)
class Answers:
    """Answers to try, and what they have to give."""

    name: str
    texts: dict[str, str] = field(default_factory=dict)
    """By ``grade_id``; an answer that is not there is the model solution."""
    expected: Expected | None = None
    """None for a file that nobody expects anything of."""


@dataclass(frozen=True)
class Trial:
    """How one exercise was graded."""

    exercise: Exercise
    answers: str
    verdict: Verdict
    reason: str
    points: float
    max_points: float
    demands: tuple[Demanded, ...]
    findings: tuple[Finding, ...]
    errors: tuple[str, ...]
    """What the cells before the check raised, or why they were stopped, one line each."""
    differences: tuple[str, ...]
    """What is not as the case expects, one sentence each."""
    seconds: float
    """From the start of the sandbox to its end."""
    cell_seconds: float
    """Of these, what the cells took."""

    @property
    def failed(self) -> bool:
        """Whether the check, or the case, is not as it should be."""
        return bool(self.differences) or self.verdict is Verdict.GRADER_BROKE

    def __str__(self) -> str:
        """Return the report, as a person reads it on a terminal."""
        where = f"{self.exercise.part} {self.exercise.name}, {self.answers}"
        lines = [f"{where}: {self.points:g} of {self.max_points:g} points"]
        if self.verdict is not Verdict.GRADED:
            lines.append(f"  {self.verdict}: {self.reason}")
        lines += [f"  raised in {line}" for line in self.errors]
        lines += [f"  ✗ {finding.message}" for finding in self.findings if not finding.demand]
        for demand in self.demands:
            lines.append(f"  {MARKS[demand.outcome]} {demand.id}: {demand.text}")
            about = [finding for finding in self.findings if finding.demand == demand.id]
            lines += [f"      {line}" for finding in about for line in (finding.message, finding.hint) if line]
        lines += [f"  not as the case expects: {line}" for line in self.differences]
        lines.append(f"  {self.seconds:.1f} s, of which the cells took {self.cell_seconds:.1f} s")
        return "\n".join(lines)


def answers_of(root: Path, exercise: Exercise, where: str) -> Answers:
    """Return the answers in a case's folder (a path, or its name in ``tests/submissions/<part>``) or in one file.

    A file called like one of the exercise's answer cells is that answer; any other is the answer to the exercise.

    Raises:
        BadInput: if there is no such folder or file; the message lists the part's cases.
    """
    cases = root / "tests" / "submissions" / exercise.part
    for path in (Path(where), cases / where):
        if path.is_dir():
            case = load_case(path)
            return Answers(case.name, case.answers, case.expected)
        if path.is_file():
            name = path.stem if path.stem in exercise.answers else exercise.name
            return Answers(path.name, {name: path.read_text(encoding="utf-8").rstrip("\n")})
    known = ", ".join(sorted(path.parent.name for path in cases.glob("*/expected.json"))) or "none"
    raise BadInput(f"{where!r} is neither a folder nor a file, nor a case of {exercise.part}. Its cases: {known}.")


def run(
    root: Path,
    part: str,
    name: str,
    cases: Iterable[str] = (),
    *,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> Iterator[Trial]:
    """Grade an exercise once for each of ``cases``, or with the model solution if there are none.

    Args:
        root: the checkout.
        part: such as ``part2``.
        name: the exercise, such as ``loopback``.
        cases: folders of cases, names of cases, or files with an answer.
        limits: of each run.
        progress: called when the sandbox's image is built again.

    Raises:
        BadInput: if one of these is unknown, or the lesson's text cannot be used.
        SandboxError, BuildFailed: if no sandbox can be started.
    """
    exercise = find_one(root, part, name)
    tried = [answers_of(root, exercise, case) for case in cases] or [
        Answers(MODEL, expected=Expected(about="The model solution gets full marks."))
    ]
    ready = refresh(progress)
    limits = limits or Limits()
    with ThreadPoolExecutor(1) as reader:
        lesson = reader.submit(_read, root, exercise)  # while the first sandbox starts
        for answers in tried:
            started = time.monotonic()
            with Sandbox(limits, ready) as box:
                notebook = _notebook(lesson.result(), exercise, answers)
                execution = _execute(box, Job(notebook=notebook, run=secrets.token_hex(6), limits=limits))
            yield report(exercise, answers, notebook, execution, time.monotonic() - started)


def _read(root: Path, exercise: Exercise) -> Lesson:
    # jsonschema takes long at import to build a parser of IRIs, if it finds this; notebooks have none.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    path = root / "lessons" / f"{exercise.part}.md"
    return parse(path.read_text(encoding="utf-8"), find(root))


def _notebook(lesson: Lesson, exercise: Exercise, answers: Answers) -> dict[str, Any]:
    """Return the notebook of one exercise with these answers."""
    notebook = copy.deepcopy(lesson.notebook)
    texts = answers.texts
    if answers.expected and answers.expected.unanswered:
        handed_out = {cell["id"]: unsolved(cell.source) for cell in notebook.cells if cell["id"] in exercise.answers}
        texts = handed_out | texts
    return {**notebook, "cells": alone(notebook, exercise.name, lesson.builds_on, texts)}


def _execute(box: Sandbox, job: Job) -> Execution:
    """Run a job; what goes wrong is a verdict, so that the next case is tried all the same."""
    try:
        return run_job(box, job)
    except (GraderBroke, SandboxError) as error:
        return Execution(verdict=Verdict.GRADER_BROKE, reason=str(error))


def report(
    exercise: Exercise, answers: Answers, notebook: dict[str, Any], execution: Execution, seconds: float
) -> Trial:
    """Return the report on what an execution came to; ``seconds`` is how long the sandbox was there."""
    check = f"{exercise.name}{CHECK}"
    most = float(notebook["cells"][-1]["metadata"]["nbgrader"]["points"])
    result = next((cell for cell in execution.cells if cell.grade_id == check), None)
    return Trial(
        exercise=exercise,
        answers=answers.name,
        verdict=execution.verdict,
        reason=execution.reason,
        points=result.points if result else 0.0,
        max_points=most,
        demands=result.demands if result else (),
        findings=result.findings if result else (),
        errors=tuple(_errors(execution)),
        differences=tuple(_differences(answers.expected, execution.verdict, result)),
        seconds=seconds,
        cell_seconds=execution.seconds,
    )


def _errors(execution: Execution) -> Iterator[str]:
    """Return what the cells raised, by the name of each."""
    for cell in execution.notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                name = cell["metadata"]["nbgrader"]["grade_id"]
                yield f"{name}: {output['ename']}: {output['evalue']}"


def _differences(expected: Expected | None, verdict: Verdict, result: CellResult | None) -> Iterator[str]:
    if expected is None:
        return
    # What else is in the case may break the submission; alone this exercise may be graded.
    if verdict is Verdict.GRADER_BROKE or result is None:
        yield f"verdict: {verdict}"
    else:
        yield from expected.differences(result)
