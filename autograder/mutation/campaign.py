"""Make the changed answers of a part, grade what is not graded yet, and look again at what is doubtful, alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Final

from autograder.batch.pool import Pool
from autograder.errors import AutograderError
from autograder.mutation.judging import Fate, Judge, Judged, base_of
from autograder.mutation.mutants import Changed, RightAnswer, mutants, sample
from autograder.mutation.notebook import Part, conflicts, notebook
from autograder.mutation.packing import pack
from autograder.mutation.results import Graded, Store, key, read
from autograder.mutation.variants import variants
from autograder.results import Execution, Job, Limits, Verdict

WORD: Final = "mutation"
"""The random value of all runs, so that states can be compared."""
SEED: Final = "5eed5eed5eed5eed"
MOST: Final = 8
"""Exercises in one notebook."""
LIMITS: Final = Limits(seconds=900, cell_seconds=90)
DOUBTFUL: Final = {Fate.SURVIVOR, Fate.REFUSED, Fate.FAILED, Fate.OPEN}

PER_CASE: Final = 6
"""Mutants of each right answer of a case, if nothing else is said; of the model answer there are all."""

Regions = dict[str, tuple[int, int]]
Execute = Callable[[Job], Execution]


@dataclass(frozen=True)
class Status:
    """How far a campaign is."""

    done: int
    expected: int
    survivors: int
    seconds_left: float

    def __str__(self) -> str:
        """Return one line."""
        left = max(1, round(self.seconds_left / 60))
        return f"{self.done} of {self.expected}, {self.survivors} survivors, about {left} min left"


@dataclass(frozen=True)
class Plan:
    """What is to be graded."""

    bases: tuple[Changed, ...]
    mutants: tuple[Changed, ...]
    together: tuple[Changed, ...]
    """Variants with all harmless changes at once."""
    single: tuple[Changed, ...]
    """Those with one, to find out which is refused."""


def plan(part: Part, exercises: Iterable[str], *, limit: int = 0, seed: str = "", per_case: int = PER_CASE) -> Plan:
    """Make the changed answers of some exercises.

    Args:
        part: the part.
        exercises: their names.
        limit: how many mutants at most; 0 for all of them.
        seed: for the choice.
        per_case: how many mutants at most are made from the right answer of a case: the same ones each time.
    """
    bases: list[Changed] = []
    found: list[Changed] = []
    together: list[Changed] = []
    single: list[Changed] = []
    known: set[str] = set()
    for exercise in exercises:
        model, regions = part.model(exercise)
        given = [name for name in part.known(exercise) if name != "client"]
        bases.append(part.unanswered(exercise))
        answers: list[tuple[RightAnswer, Regions | None]] = [(model, regions)]
        answers += [(answer, None) for answer in part.right_answers(exercise)] if per_case else []
        for answer, where in answers:
            bases.append(base_of(Changed(answer, "base", "", "", answer.texts)))
            fresh = [item for item in mutants(answer, where, given) if item.digest not in known]
            if where is None:
                fresh = sample(fresh, per_case, answer.base)
            known |= {item.digest for item in fresh}
            found += fresh
            changed = variants(answer, exercise, part.variables(exercise))
            together += changed[:1]
            single += changed[1:]
    chosen = sample(found, limit, seed) if limit else found
    if limit:  # what the chosen ones are compared with, and the variants of that
        sampled = {(item.exercise, item.answer.base) for item in chosen}
        wanted = sampled | {(exercise, "none") for exercise, _ in sampled}
        bases, together, single = (
            [item for item in group if (item.exercise, item.answer.base) in wanted]
            for group in (bases, together, single)
        )
    return Plan(tuple(bases), tuple(chosen), tuple(together), tuple(single))


class Campaign:
    """Grades what a plan names.

    Args:
        part: the part.
        store: where the results are kept.
        judge: of the results.
        jobs: how many sandboxes there are at a time.
        tell: called after each notebook.
        execute: runs a job; a pool of sandboxes if not given.
    """

    def __init__(
        self,
        part: Part,
        store: Store,
        judge: Judge,
        *,
        jobs: int = 2,
        tell: Callable[[Status], None] = lambda status: None,
        execute: Execute | None = None,
    ) -> None:
        self._part, self._store, self._judge, self._jobs, self._tell = part, store, judge, jobs, tell
        self._execute = execute
        self._done = self._expected = 0
        self._spent = self._graded = 0.0

    def run(self, plan: Plan) -> list[Judged]:
        """Grade what is missing; return what became of each item, of a single variant only if it was needed."""
        items = [*plan.bases, *plan.mutants, *plan.together]
        self._expected = len(items)
        self._pass(items, alone=False)
        refused = [item for item in plan.together if self._judge.judge(item).outcome is not Fate.ACCEPTED]
        self._again(items)
        still = {(item.exercise, item.answer.base) for item in refused if self._outcome(item) is not Fate.ACCEPTED}
        single = [item for item in plan.single if (item.exercise, item.answer.base) in still]
        self._expected += len(single)
        self._pass(single, alone=False)
        self._again(single)
        return [self._judge.judge(item) for item in (*items, *single)]

    def known(self, plan: Plan) -> list[Judged]:
        """Return what became of each item as far as it is known; nothing is graded."""
        single = [item for item in plan.single if self._judge.result(item)]
        return [self._judge.judge(item) for item in (*plan.bases, *plan.mutants, *plan.together, *single)]

    def _again(self, items: Sequence[Changed]) -> None:
        """Grade alone what is doubtful, with the right answer that it is compared with."""
        doubtful = [item for item in items if self._outcome(item) in DOUBTFUL]
        bases = {each.digest: each for each in (base_of(item) for item in doubtful if item.kind == "mutant")}
        self._pass([*bases.values(), *doubtful], alone=True)

    def _outcome(self, item: Changed) -> Fate:
        return self._judge.judge(item).outcome

    def _pass(self, items: Sequence[Changed], *, alone: bool) -> None:
        missing = [item for item in items if self._missing(item, alone)]
        if not alone:
            self._done += len(items) - len(missing)
        packs = pack(missing, partial(conflicts, self._part), 1 if alone else MOST)
        if not packs:
            return
        if self._execute:
            self._work(packs, self._execute)
            return
        with Pool(len(packs), self._jobs, LIMITS, WORD) as pool:
            self._work(packs, pool.run)

    def _missing(self, item: Changed, alone: bool) -> bool:
        known = (True,) if alone else (True, False)
        return all(self._store.get(key(self._part, item, each)) is None for each in known)

    def _work(self, packs: list[list[Changed]], execute: Execute) -> None:
        began, graded = time.monotonic(), 0
        threads = ThreadPoolExecutor(self._jobs, "mutation")
        try:
            running: dict[Future[list[Graded]], list[Changed]] = {}
            left = iter(packs)
            for chosen in left:
                running[threads.submit(self._grade, chosen, execute)] = chosen
                if len(running) < self._jobs:
                    continue
                graded += self._collect(running)
                self._report(packs, graded, began)
            while running:
                graded += self._collect(running)
                self._report(packs, graded, began)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def _collect(self, running: dict[Future[list[Graded]], list[Changed]]) -> int:
        """Keep the results of what has ended; return how many notebooks these were."""
        ended, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in ended:
            chosen = running.pop(future)
            self._store.add(future.result())
            self._done += len(chosen)
        return len(ended)

    def _report(self, packs: list[list[Changed]], graded: int, began: float) -> None:
        every = [item for chosen in packs for item in chosen]
        survivors = sum(self._outcome(item) is Fate.SURVIVOR for item in every)
        left = (len(packs) - graded) * (time.monotonic() - began) / max(1, graded)
        self._tell(Status(min(self._done, self._expected), self._expected, survivors, left))

    def _grade(self, chosen: list[Changed], execute: Execute) -> list[Graded]:
        job = Job(notebook=notebook(self._part, chosen), run=WORD, seed=SEED, limits=LIMITS)
        try:
            execution = execute(job)
        except AutograderError as error:
            if len(chosen) > 1:
                return []  # each of them is graded alone afterwards
            execution = Execution(verdict=Verdict.GRADER_BROKE, reason=str(error))
        return read(self._part, chosen, execution)
