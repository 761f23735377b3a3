"""``grade``: the submissions of a part, from the files to the gradebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from autograder.batch.recorder import Recorder
from autograder.batch.stage import Prepared, find_students, prepare_all
from autograder.gradebook.course import Course
from autograder.gradebook.execution import Execute, execute_fairly, new_job, not_run, run_in_sandbox
from autograder.gradebook.export import grade_rows, write_csv
from autograder.gradebook.records import Record, read_records
from autograder.gradebook.register import register
from autograder.gradebook.source import load_source
from autograder.results import Execution, Limits, Verdict

WORKERS = 2
"""Submissions executed at the same time, if no executor is given: each sandbox is a whole Docker Engine."""

TABLE = "grades.csv"
"""The table of marks, in the course's root: what ``nbgrader export`` writes."""

POLL = 0.5
"""Seconds between two looks at which executions have started."""


class State(StrEnum):
    """Where a submission is."""

    WAITING = "waiting"
    RUNNING = "running"
    RECORDING = "recording"
    DONE = "done"
    KEPT = "kept"
    """Nothing has changed since it was last graded."""


Watch = Callable[[str, State, Record | None], None]
"""Is told each change: the student, the state, the record when there is one."""


def grade(
    part: str,
    students: Iterable[str] | None = None,
    *,
    root: Path | None = None,
    executor: Executor | None = None,
    execute: Execute = run_in_sandbox,
    limits: Limits | None = None,
    resume: bool = False,
    watch: Watch = lambda student, state, record: None,
) -> list[Record]:
    """Grade ``submitted/*/<part>``: gradebook, ``autograded/``, ``feedback/``, ``results/<part>.jsonl``,
    ``grades.csv``.

    Args:
        part: such as ``part1``.
        students: names below ``submitted/``; None means all.
        root: the course's root; None means the current directory.
        executor: where submissions are executed; None means ``WORKERS`` threads here. It is not shut down.
        execute: what runs a job; goes to the executor with it.
        limits: of each execution.
        resume: skip submissions that were graded before and have not changed since, nor has the part.
        watch: is told of each change, in this thread.

    Returns:
        One record for each submission, in the order of the students. No submission stops the others: what
        goes wrong with one is its verdict.

    Raises:
        BadInput: for an unknown part or student, or where nobody handed anything in.
    """
    course = Course(root or Path.cwd())
    source = course.source(part)
    chosen = find_students(course, part, students)
    register(course, part)
    points = load_source(source).points
    before = read_records(course.root, part) if resume else {}
    records: dict[str, Record] = {}
    waiting: dict[Future[Execution], Prepared] = {}
    with Recorder(course) as recorder, _executor(executor) as pool:

        def record(prepared: Prepared, execution: Execution) -> None:
            watch(prepared.student, State.RECORDING, None)
            records[prepared.student] = recorder.write(prepared, execution)
            watch(prepared.student, State.DONE, records[prepared.student])

        ready: list[tuple[Prepared, str]] = []
        for prepared in prepare_all(course, part, chosen):
            earlier = before.get(prepared.student)
            if earlier and _unchanged(course, earlier, prepared):
                records[prepared.student] = earlier
                watch(prepared.student, State.KEPT, earlier)
            elif prepared.refused or prepared.unreadable:
                ready.append((prepared, prepared.unreadable))
            else:
                job = new_job(prepared.notebook, limits)
                waiting[pool.submit(execute_fairly, job, execute)] = prepared
                watch(prepared.student, State.WAITING, None)
        for prepared, reason in ready:
            record(prepared, not_run(reason, points))
        for prepared, execution in _finished(waiting, watch):
            record(prepared, execution)
    with course.gradebook() as gradebook:
        write_csv(course.root / TABLE, grade_rows(gradebook, course.root))
    return [records[student] for student in chosen]


def _finished(
    waiting: dict[Future[Execution], Prepared], watch: Watch
) -> Iterator[tuple[Prepared, Execution]]:
    """Yield each execution when it is there, and tell ``watch`` which ones have started."""
    seen: set[str] = set()
    while waiting:
        for future, prepared in waiting.items():
            if future.running() and prepared.student not in seen:
                seen.add(prepared.student)
                watch(prepared.student, State.RUNNING, None)
        done, _ = wait(waiting, timeout=POLL, return_when=FIRST_COMPLETED)
        for future in done:
            prepared = waiting.pop(future)
            try:
                yield prepared, future.result()
            except Exception as error:  # lost by the executor: a worker died, a host went away
                reason = f"The execution was lost: {error or type(error).__name__}"
                yield prepared, Execution(verdict=Verdict.GRADER_BROKE, reason=reason)


def _unchanged(course: Course, earlier: Record, prepared: Prepared) -> bool:
    autograded = course.root / "autograded" / prepared.student / prepared.part / f"{prepared.part}.ipynb"
    if earlier.verdict is Verdict.GRADER_BROKE:
        return False
    return earlier.digest == prepared.digest and autograded.is_file()


@contextmanager
def _executor(given: Executor | None) -> Iterator[Executor]:
    """Use the given executor, or threads that are gone afterwards; what has not begun is dropped on an
    error.
    """
    if given is not None:
        yield given
        return
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="sandbox")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
