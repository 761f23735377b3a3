"""Grade a batch: execute in the order of the students' names and record each result while the next ones run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from autograder.batch.pool import Pool
from autograder.batch.prepare import Prepared, prepare_one
from autograder.batch.recording import Recording
from autograder.gradebook import bounded
from autograder.gradebook.course import Course, find_students
from autograder.gradebook.execution import Execute, execute_fairly, new_job, not_run, run_in_sandbox
from autograder.gradebook.notebook import without_answers
from autograder.gradebook.records import Record, read_records
from autograder.gradebook.students import normalized
from autograder.results import Execution, Limits, Verdict

WORKERS = 2
"""Submissions executed at the same time, if no executor is given: each sandbox is a whole Docker Engine."""

LOOKAHEAD = 8
"""Submissions that are read and wait for a worker: memory does not grow with the class, and no worker waits."""

POLL = 0.5
"""Seconds between two looks at which executions have started."""


class SubmissionState(StrEnum):
    """Where a submission is."""

    WAITING = "waiting"
    RUNNING = "running"
    RECORDING = "recording"
    DONE = "done"
    KEPT = "kept"
    """Nothing has changed since it was last graded."""


Watch = Callable[[str, SubmissionState, Record | None], None]
"""Is told each change: the student, the state, the record when there is one."""


def grade(
    part: str,
    students: Iterable[str] | None = None,
    *,
    root: Path | None = None,
    workers: int = WORKERS,
    executor: Executor | None = None,
    execute: Execute | None = None,
    pool: Pool | None = None,
    limits: Limits | None = None,
    lookahead: int = LOOKAHEAD,
    resume: bool = False,
    watch: Watch = lambda student, state, record: None,
) -> list[Record]:
    """Grade ``submitted/*/<part>``.

    Writes the gradebook, ``autograded/``, ``feedback/``, ``results/<part>.jsonl`` and ``grades.csv``.

    Args:
        part: such as ``part1``.
        students: names of folders below ``submitted/``; None means all, and those in the gradebook.
        root: the course's root; None means the current directory.
        workers: submissions that are executed at the same time, if no executor is given.
        executor: where submissions are executed; None means threads here. It is not shut down.
        execute: what runs a job; goes to the executor with it. None means a sandbox: in threads here, one that was
            booted ahead.
        pool: the sandboxes that are booted ahead; None means a pool of this batch's own.
        limits: of each execution.
        lookahead: submissions that are read before the executor has begun with them, at least 1. An executor whose
            futures do not say that they run (Dask's) needs as many as it executes at a time.
        resume: skip submissions that were graded before and have not changed since, nor has the part.
        watch: called at each change, in this thread.

    Returns:
        One record for each student, in their order; for all students, those of the gradebook who have not handed in
        are among them. No submission stops the others: what goes wrong with one is its verdict.

    Raises:
        BadInput: for an unknown part or student, or where nobody handed anything in.
    """
    course = Course(root or Path.cwd())
    course.source(part)
    chosen = find_students(course, part, students)
    bounded.start((bounded.READING,))
    records: dict[str, Record] = {}
    with ExitStack() as opened:
        recording = opened.enter_context(Recording(course, part))
        if executor is None and execute is None:
            pool = pool or opened.enter_context(Pool(len(chosen), workers, limits))
            execute = pool.run
        threads = opened.enter_context(_threads(workers, pool)) if executor is None else executor
        execute = execute or run_in_sandbox
        before = read_records(course.root, part) if resume else {}
        source = recording.source()
        writing: dict[Future[Record], str] = {}

        def record(prepared: Prepared, execution: Execution) -> None:
            watch(prepared.student, SubmissionState.RECORDING, None)
            writing[recording.write(prepared, execution)] = prepared.student

        def recorded(futures: Iterable[Future[Record]]) -> None:
            recording.check()
            for future in futures:
                student = writing.pop(future)
                records[student] = future.result()
                watch(student, SubmissionState.DONE, records[student])

        def submit(student: str) -> tuple[Future[Execution], Prepared] | None:
            """Read a submission and hand it to the executor; None if there is nothing to execute."""
            try:
                prepared = prepare_one(course, part, source, student)
            except Exception as error:  # the process that reads could not be started, or an error of ours
                prepared = Prepared(student, part, without_answers(source, ""))
                reason = f"The submission could not be read: {error or type(error).__name__}"
                record(prepared, Execution(verdict=Verdict.GRADER_BROKE, reason=reason))
                return None
            earlier = before.get(student)
            if earlier and _unchanged(course, earlier, prepared):
                records[student] = earlier
                watch(student, SubmissionState.KEPT, earlier)
                return None
            if prepared.refused or prepared.unreadable:  # of one that is refused, its record is written
                record(prepared, not_run(prepared.unreadable, source.points))
                return None
            job = new_job(prepared.notebook, limits)
            watch(student, SubmissionState.WAITING, None)
            return threads.submit(execute_fairly, job, execute), prepared

        def grade_all(names: Iterable[str]) -> None:
            for prepared, execution in _executed(names, submit, lookahead, watch, writing, recorded):
                record(prepared, execution)

        grade_all(chosen)
        if students is None:  # a student in the gradebook who has no folder has not handed in
            handed_in = {normalized(folder.name) for folder in course.folders.values()}
            absent = set(map(normalized, recording.students())) - handed_in
            chosen = sorted({*chosen, *absent})
            grade_all(sorted(absent))
        while writing:
            recorded(wait(writing, return_when=FIRST_COMPLETED).done)
        recording.ready()
        recording.export()
    return [records[student] for student in chosen]


def _executed(
    students: Iterable[str],
    submit: Callable[[str], tuple[Future[Execution], Prepared] | None],
    lookahead: int,
    watch: Watch,
    writing: Collection[Future[Record]],
    recorded: Callable[[Iterable[Future[Record]]], None],
) -> Iterator[tuple[Prepared, Execution]]:
    """Submit one student after the other; yield each execution when it is there.

    At most ``lookahead`` are ahead of the executor. ``watch`` is called with those that have started, and ``recorded``
    with those of ``writing`` that are done.
    """
    left = iter(students)
    waiting: dict[Future[Execution], Prepared] = {}
    started: set[Future[Execution]] = set()
    while True:
        recorded([future for future in writing if future.done()])
        for future in [future for future in waiting if future.running() and future not in started]:
            started.add(future)
            watch(waiting[future].student, SubmissionState.RUNNING, None)
        done = [future for future in waiting if future.done()]
        if not done and len(waiting.keys() - started) < lookahead and (student := next(left, None)) is not None:
            if submitted := submit(student):
                waiting[submitted[0]] = submitted[1]
            continue
        if not waiting:
            return
        if not done:
            futures: list[Future[Any]] = [*waiting, *writing]
            wait(futures, timeout=POLL, return_when=FIRST_COMPLETED)
            continue
        for future in done:
            prepared = waiting.pop(future)
            started.discard(future)
            try:
                execution = future.result()
            except Exception as error:  # lost by the executor: a worker died, a host went away
                reason = f"The execution was lost: {error or type(error).__name__}"
                execution = Execution(verdict=Verdict.GRADER_BROKE, reason=reason)
            yield prepared, execution


def _unchanged(course: Course, earlier: Record, prepared: Prepared) -> bool:
    made = [
        course.root / step / prepared.student / prepared.part / f"{prepared.part}{suffix}"
        for step, suffix in (("autograded", ".ipynb"), ("feedback", ".html"))
    ]
    if prepared.refused or not earlier.verdict.gives_mark:
        return False
    return earlier.digest == prepared.digest and all(path.is_file() for path in made)


@contextmanager
def _threads(workers: int, pool: Pool | None) -> Iterator[Executor]:
    """Use threads that are gone afterwards; an error ends what runs, and drops what has not begun."""
    threads = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")
    try:
        yield threads
    except Exception:
        if pool:
            pool.end()
        threads.shutdown(cancel_futures=True)
        raise
    except BaseException:  # stopped: whoever did it does not wait for a quarter of an hour
        threads.shutdown(wait=False, cancel_futures=True)
        raise
    threads.shutdown()
