"""A batch grades everybody: what is wrong with one submission is its verdict, and costs no other one anything."""

from __future__ import annotations

import csv
import json
import os
import shutil
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import in_process
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from small_course import SmallCourse

from autograder.batch import SubmissionState, grade
from autograder.batch import prepare as preparing
from autograder.batch.batch import LOOKAHEAD
from autograder.errors import BadInput, GraderBroke, SandboxError
from autograder.gradebook.records import Record, records_path
from autograder.gradebook.source import Source
from autograder.results import Execution, Job, Verdict


def run(small: SmallCourse, *students: str, **options: object) -> dict[str, Record]:
    """Grade in this process."""
    options.setdefault("execute", in_process.execute)
    records = grade(small.part, students or None, root=small.root, **options)  # type: ignore[arg-type]
    return {record.student: record for record in records}


def table(small: SmallCourse) -> dict[str, dict[str, str]]:
    """The rows of grades.csv by student."""
    with (small.root / "grades.csv").open(newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def page(small: SmallCourse, student: str) -> Path:
    """Where a student's feedback is."""
    return small.root / "feedback" / student / small.part / f"{small.part}.html"


def broken(job: Job) -> Execution:
    """A grader that breaks."""
    raise SandboxError("no room left")


def test_every_kind_of_bad_input_gets_a_verdict_and_the_others_are_graded(small: SmallCourse) -> None:
    """One batch with everything that people hand in; two good ones among it get their marks."""
    small.hand_in("ada")
    small.hand_in("zoe", first="x = 1")
    small.path("not-json").write_text("{")
    small.path("empty").write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}))
    kernel = small.answered()
    kernel.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    small.hand_in("other-kernel", kernel)
    deleted = small.answered()
    deleted.cells = [cell for cell in deleted.cells if "check" not in str(cell.metadata)]
    small.hand_in("deleted-checks", deleted)
    edited = small.answered(first="x = 1")
    edited.cells[3].source = "3"
    small.hand_in("edited-check", edited)
    outputs = small.answered()
    outputs.cells.append(new_code_cell("1", outputs=[]))
    path = small.hand_in("fifty-megabytes", outputs)
    path.write_text(path.read_text().replace('"outputs": []', '"outputs": [' + json.dumps("x" * (50 << 20)) + "]", 1))
    with small.path("huge").open("wb") as file:
        file.truncate(1 << 30)
    small.path("directory").mkdir()
    small.path("link").symlink_to(small.path("ada"))
    os.mkfifo(small.path("pipe"))
    (small.root / "submitted" / "nothing").mkdir()
    small.path("no-file")
    small.path("other-name").with_name(os.fsdecode(b"\xff.ipynb")).write_text("{}")
    bad_name = small.root / "submitted" / os.fsdecode(b"b\xe4d")
    shutil.copytree(small.root / "submitted" / "ada", bad_name)
    small.hand_in("crash", second="raise Crash()")

    records = run(small)

    scores = {name: record.score for name, record in records.items() if record.verdict is Verdict.GRADED}
    assert scores == {"ada": 5, "zoe": 3, "deleted-checks": 5, "edited-check": 3, "fifty-megabytes": 5}
    said = {
        "not-json": "not JSON",
        "empty": "has no cells",
        "other-kernel": "set to the kernel 'R'",
        "huge": "1024 MB",
        "directory": "is a directory",
        "link": "is a link",
        "pipe": "not an ordinary file",
        "crash": "kernel died",
    }
    for name, fragment in said.items():
        assert records[name].verdict is Verdict.SUBMISSION_BROKE, name
        assert fragment in records[name].reason
        assert table(small)[name]["verdict"] == "submission broke"
    assert records["crash"].score == 3
    no_mark = {
        "nothing": (Verdict.NOT_HANDED_IN, "Nothing was handed in: there is no folder submitted/nothing/tiny."),
        "no-file": (Verdict.NOT_HANDED_IN, "Nothing was handed in: the folder submitted/no-file/tiny is empty."),
        "other-name": (Verdict.NOT_HANDED_IN, r"There is no tiny.ipynb. What is there: '\udcff.ipynb'."),
        r"b\udce4d": (Verdict.NOT_GRADED, "Rename the folder and grade again."),
    }
    for name, (verdict, fragment) in no_mark.items():
        assert records[name].verdict is verdict
        assert fragment in records[name].reason
        assert records[name].score is None
        row = table(small)[name]
        assert (row["verdict"], row["score"], row["first-check"], row["late_penalty"]) == (verdict, "", "", "")
        assert not page(small, name).exists()
    assert set(records) == {*scores, *said, *no_mark}
    assert "put back" in records["deleted-checks"].notes["first-check"]
    assert "restored" in records["edited-check"].notes["first-check"]
    for name in {*records} - {*no_mark}:
        assert page(small, name).is_file(), name
    assert small.marks("not-json") == {"first-check": 0, "second-check": 0}


def test_nothing_but_the_notebook_leaves_the_submission(small: SmallCourse) -> None:
    """nbgrader copies every file beside the notebook, links followed, into what the student gets back."""
    path = small.hand_in("ada")
    path.with_name("key.txt").symlink_to("/etc/passwd")
    path.with_name("data.bin").write_bytes(b"x")
    path.with_name("timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
    run(small)
    for step in ("autograded", "feedback"):
        names = {file.name for file in (small.root / step).rglob("*") if file.is_file()}
        assert names - {"timestamp.txt"} <= {"tiny.ipynb", "tiny.html"}
    with small.course.gradebook() as gradebook:
        assert gradebook.find_submission(small.part, "ada").timestamp.year == 2026


def test_a_timestamp_that_is_none_does_no_harm(small: SmallCourse) -> None:
    """nbgrader stops at one that it cannot read."""
    small.hand_in("ada").with_name("timestamp.txt").write_text("yesterday evening, I think")
    assert run(small)["ada"].verdict is Verdict.GRADED


def test_where_the_grader_broke_earlier_marks_stay(small: SmallCourse) -> None:
    """No mark is better than a wrong one; an earlier one, its notebook and its page stay, and it is said."""
    small.hand_in("ada")
    run(small)
    before = page(small, "ada").read_bytes()
    small.hand_in("ada", first="x = 1")
    small.hand_in("bob")
    records = run(small, execute=broken)
    assert {record.verdict for record in records.values()} == {Verdict.GRADER_BROKE}
    assert "no room left" in records["ada"].reason
    assert small.score("ada") == 5
    assert page(small, "ada").read_bytes() == before
    assert table(small)["ada"]["score"] == "5.0"
    assert "from before" in table(small)["ada"]["reason"]
    assert table(small)["bob"]["score"] == ""
    assert table(small)["bob"]["first-check"] == ""
    assert small.marks("bob") == {"first-check": None, "second-check": None}
    assert run(small)["bob"].score == 5


def test_only_the_named_students_are_graded(small: SmallCourse) -> None:
    """The others' rows stay in the table."""
    small.hand_in("ada")
    small.hand_in("bob")
    run(small)
    small.hand_in("ada", first="x = 1")
    small.hand_in("bob", first="x = 1")
    assert list(run(small, "bob")) == ["bob"]
    assert {name: row["score"] for name, row in table(small).items()} == {"ada": "5.0", "bob": "3.0"}


def test_unknown_parts_and_students_are_refused_with_the_known_ones(small: SmallCourse) -> None:
    """The message lists what there is."""
    with pytest.raises(BadInput, match=r"expected submitted/<student>/tiny/tiny.ipynb"):
        run(small)
    small.hand_in("ada")
    with pytest.raises(BadInput, match=r"No submission of bob\. Known students: ada\."):
        run(small, "bob")
    with pytest.raises(BadInput, match=r"no part 'part9'.* Known parts: tiny\."):
        grade("part9", root=small.root, execute=in_process.execute)
    with pytest.raises(BadInput, match="not a course directory"):
        grade("tiny", root=small.root / "source", execute=in_process.execute)


def test_resuming_skips_what_has_not_changed(small: SmallCourse) -> None:
    """After a crash, or when two more were handed in, only what is new or has changed runs."""
    for name in ("ada", "bob", "cyd"):
        small.hand_in(name)
    run(small)
    small.hand_in("bob", first="x = 1")
    shutil.rmtree(small.root / "autograded" / "cyd")
    small.hand_in("dan")
    ran: list[str] = []
    kept: list[str] = []

    def watch(student: str, state: SubmissionState, record: Record | None) -> None:
        (kept if state is SubmissionState.KEPT else ran).append(student)

    records = run(small, resume=True, watch=watch)
    assert kept == ["ada"]
    assert set(ran) == {"bob", "cyd", "dan"}
    assert records["ada"].score == 5
    assert records["bob"].score == 3


def test_what_the_grader_broke_on_is_tried_when_resuming(small: SmallCourse) -> None:
    """It has no mark, so it is not done."""
    small.hand_in("ada")
    run(small, execute=broken)
    assert run(small, resume=True)["ada"].verdict is Verdict.GRADED


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_will_do(small: SmallCourse, kind: type[ThreadPoolExecutor | ProcessPoolExecutor]) -> None:
    """Jobs and executions are plain data, so they can go to other threads, processes or machines."""
    for name in ("ada", "bob", "cyd"):
        small.hand_in(name)
    with kind(2) as pool:
        assert [record.score for record in run(small, executor=pool).values()] == [5, 5, 5]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.slow
def test_submissions_are_read_when_a_worker_is_nearly_free(
    small: SmallCourse, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """Memory does not grow with the class: not all are read before the first is executed."""
    for number in range(15):
        small.hand_in(f"s{number:02}")
    read: list[Path] = []
    ahead: list[int] = []
    executed: list[Job] = []
    real = preparing.prepare

    def prepare(source: Source, submitted: Path) -> NotebookNode:
        read.append(submitted)
        return real(source, submitted)

    def execute(job: Job) -> Execution:
        time.sleep(0.05)
        executed.append(job)
        ahead.append(len(read) - len(executed))
        return in_process.execute(job)

    monkeypatch.setattr(preparing, "prepare", prepare)
    with ThreadPoolExecutor(workers) as pool:
        records = run(small, executor=pool, execute=execute)
    assert len(read) == len(records) == 15
    assert max(ahead) <= 2 * workers + LOOKAHEAD + 1
    read.clear(), ahead.clear(), executed.clear()
    with ThreadPoolExecutor(workers) as pool:
        run(small, executor=pool, execute=execute, lookahead=1)
    assert max(ahead) <= 2 * workers + 2


class Silent(ThreadPoolExecutor):
    """An executor whose futures never say that they run, as Dask's."""

    def submit(self, *arguments: object, **more: object) -> Future[Execution]:  # type: ignore[override]
        """Return a future that is pending until it is done."""
        outer: Future[Execution] = Future()
        inner: Future[Execution] = super().submit(*arguments, **more)  # type: ignore[arg-type]
        inner.add_done_callback(lambda done: outer.set_result(done.result()))
        return outer


def test_an_executor_that_does_not_say_what_runs_is_kept_busy(small: SmallCourse) -> None:
    """As many are handed to it at a time as ``lookahead`` says, and all are graded."""
    for number in range(9):
        small.hand_in(f"s{number}")
    running: list[int] = []
    now: set[int] = set()

    def execute(job: Job) -> Execution:
        now.add(id(job))
        running.append(len(now))
        time.sleep(0.1)
        now.discard(id(job))
        return in_process.execute(job)

    with Silent(9) as pool:
        records = run(small, executor=pool, execute=execute, lookahead=3)
    assert {record.score for record in records.values()} == {5}
    assert max(running) == 3


def test_where_reading_itself_breaks_the_batch_goes_on(small: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of ours is no verdict on the submission: it has no mark, and the next is graded."""
    small.hand_in("ada")
    small.hand_in("bob")
    real = preparing.prepare

    def prepare(source: Source, submitted: Path) -> NotebookNode:
        if "ada" in submitted.parts:
            raise GraderBroke("no process can be started")
        return real(source, submitted)

    monkeypatch.setattr(preparing, "prepare", prepare)
    records = run(small)
    assert records["ada"].verdict is Verdict.GRADER_BROKE
    assert "no process can be started" in records["ada"].reason
    assert records["bob"].score == 5


def test_a_page_that_is_missing_is_made_when_resuming(small: SmallCourse) -> None:
    """A grader killed between the two moves into place leaves the notebook without its page."""
    small.hand_in("ada")
    run(small)
    page(small, "ada").unlink()
    run(small, resume=True)
    assert page(small, "ada").is_file()


class Losing(ThreadPoolExecutor):
    """An executor that loses what it was given, as one does whose workers are killed."""

    def submit(self, *_: object, **__: object) -> Future[Execution]:  # type: ignore[override]
        """Return a future that has failed."""
        future: Future[Execution] = Future()
        future.set_exception(OSError("the worker went away"))
        return future


def test_an_executor_that_loses_a_job_is_the_graders_fault(small: SmallCourse) -> None:
    """The submission gets no mark, and the batch goes on."""
    small.hand_in("ada")
    record = run(small, executor=Losing())["ada"]
    assert record.verdict is Verdict.GRADER_BROKE
    assert "the worker went away" in record.reason


FAILS_FOR_ADA = """
from nbgrader.preprocessors import NbGraderPreprocessor

class FailsForAda(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        if resources["nbgrader"]["student"] == "ada":
            raise RuntimeError("database is locked")
        return nb, resources

c.Autograde.autograde_preprocessors += [FailsForAda]
"""


def test_a_failure_of_nbgrader_itself_is_one_submissions_verdict(small: SmallCourse) -> None:
    """What goes wrong while one is recorded is told with its record, and the next is recorded."""
    small.hand_in("ada")
    small.hand_in("bob")
    with (small.root / "nbgrader_config.py").open("a") as file:
        file.write(FAILS_FOR_ADA)
    records = run(small)
    assert records["ada"].verdict is Verdict.GRADER_BROKE
    assert "database is locked" in records["ada"].reason
    assert records["bob"].score == 5
    assert not page(small, "ada").exists()


def test_a_submission_that_ends_the_process_that_records_costs_no_other_its_mark(small: SmallCourse) -> None:
    """Another process takes its place, says what happened, and records the next."""
    small.hand_in("ada")
    small.hand_in("bob")
    with (small.root / "nbgrader_config.py").open("a") as file:
        file.write(FAILS_FOR_ADA.replace('raise RuntimeError("database is locked")', "import os; os._exit(9)"))
    records = run(small)
    assert records["ada"].verdict is Verdict.GRADER_BROKE
    assert "The process that records ended" in records["ada"].reason
    assert records["bob"].score == 5
    assert list(small.root.glob(".grading-*")) == []


def test_an_interrupted_batch_leaves_nothing_half_done(small: SmallCourse) -> None:
    """Ctrl-C ends it; what was recorded until then is complete, and no scratch directory is left."""
    for name in ("ada", "bob"):
        small.hand_in(name)

    def watch(student: str, state: SubmissionState, record: Record | None) -> None:
        if state is SubmissionState.DONE:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(small, watch=watch)
    assert list(small.root.glob(".grading-*")) == []
    done = [json.loads(line)["student"] for line in records_path(small.root, small.part).read_text().splitlines()]
    assert done
    assert all(page(small, name).is_file() for name in done)
    assert {record.score for record in run(small, resume=True).values()} == {5}


def test_a_changed_part_is_graded_as_it_is_now(small: SmallCourse) -> None:
    """Points and tests come from the source as it is when grading starts, not from an old gradebook."""
    small.hand_in("ada")
    run(small)
    source = small.course.source(small.part)
    source.write_text(source.read_text().replace('"points": 2', '"points": 4').replace("2 if check", "4 if check"))
    assert run(small, resume=True)["ada"].score == 7
    assert table(small)["ada"]["max_score"] == "7.0"


def test_cells_cannot_be_added_once_submissions_are_graded(small: SmallCourse) -> None:
    """nbgrader cannot do it; the message says what to do, and no further submission is executed."""
    small.hand_in("ada")
    run(small)
    source = small.course.source(small.part)
    source.write_text(source.read_text().replace("second-check", "third-check"))
    small.hand_in("bob")
    ran: list[Job] = []

    def slow(job: Job) -> Execution:
        ran.append(job)
        time.sleep(5)
        return in_process.execute(job)

    with pytest.raises(BadInput, match="no cell may be added or removed"):
        run(small, execute=slow, workers=1)
    assert len(ran) == 1
