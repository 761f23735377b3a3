"""Look for false verdicts by program: wrong answers that keep their marks, and right ones that lose some.

`python`, `shell` and `recipes` make mistakes in answers (`edits`), `mutants` and `variants` collect them, `campaign`
grades them in sandboxes, several in one `notebook`, `results` keeps what they got, `judging` says what that means, and
`report` writes it down.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.lessons.exercises import find_one
from autograder.mutation import report
from autograder.mutation.campaign import PER_CASE, Campaign, Status, plan
from autograder.mutation.judging import Fate, Judge, hold_to_limit, read_explained
from autograder.mutation.notebook import Part
from autograder.mutation.report import PartReport
from autograder.mutation.results import FOLDER, Store

__all__ = ["PER_CASE", "PartReport", "Status", "mutate"]


def mutate(
    root: Path,
    part: str,
    exercises: Sequence[str] = (),
    *,
    limit: int = 0,
    seed: str = "",
    per_case: int = PER_CASE,
    jobs: int = 2,
    grade: bool = True,
    tell: Callable[[Status], None] = lambda status: None,
) -> PartReport:
    """Grade the mutants and variants of a part, but those whose results are kept in ``build/verdicts``.

    Args:
        root: the checkout.
        part: such as ``part2``.
        exercises: only these; all if there are none.
        limit: how many mutants at most; 0 for all.
        seed: chooses them.
        per_case: how many mutants at most are made of the right answer of a case.
        jobs: sandboxes at a time.
        grade: whether to grade what is missing; otherwise the report is on what is known.
        tell: called after each notebook.

    Raises:
        BadInput: if an exercise is unknown, or too many mutants are explained away.
        SandboxError: if no sandbox can be started.
    """
    names = [find_one(root, part, name).name for name in exercises]
    read = Part.read(root, part)
    everything = [each.name for each in read.exercises]
    planned = plan(read, names or everything, limit=limit, seed=seed, per_case=per_case)
    store = Store(root / FOLDER / f"{part}.jsonl")
    judge = Judge(read, store, read_explained(root))
    began = time.monotonic()
    campaign = Campaign(read, store, judge, jobs=jobs, tell=tell)
    judged = campaign.run(planned) if grade else campaign.known(planned)
    hold_to_limit(judged)
    made = report.make(
        read,
        judged,
        commit=_commit(root),
        date=time.strftime("%Y-%m-%d"),
        minutes=(time.monotonic() - began) / 60,
        load=os.getloadavg()[2],
        whole=not names and not limit and all(each.outcome is not Fate.OPEN for each in judged),
    )
    if not names:
        report.keep(root, made)
    return made


def _commit(root: Path) -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"
