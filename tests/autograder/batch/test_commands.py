"""``docker-course grade`` and ``demo`` on a terminal and in a log."""

from __future__ import annotations

import functools
import io
from pathlib import Path

import in_process
import pytest
from rich.console import Console
from small_course import REPOSITORY, SmallCourse
from typer.testing import CliRunner

from autograder import batch, sandbox
from autograder.batch import SubmissionState
from autograder.batch.recorder_process import told
from autograder.cli import app
from autograder.cli.live import LiveTable
from autograder.errors import BadInput, GraderBroke, SandboxError
from autograder.gradebook.execution import Execute
from autograder.gradebook.records import Record, read_records
from autograder.results import CellResult, Execution, Job, Verdict


def execute_with(monkeypatch: pytest.MonkeyPatch, execute: Execute) -> None:
    """Let the command execute in this process, without an Engine."""
    monkeypatch.setattr(sandbox, "refresh", lambda: None)
    monkeypatch.setattr("autograder.batch.pool.Pool._fill", lambda self: None)
    monkeypatch.setattr(batch, "grade", functools.partial(batch.grade, execute=execute))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command execute in this process."""
    execute_with(monkeypatch, in_process.execute)


def grade(*arguments: str) -> tuple[int, str]:
    """Run the command; its status and what it said."""
    result = CliRunner().invoke(app, ["grade", *arguments])
    return result.exit_code, result.output


@pytest.mark.parametrize("words", ["database or disk is full\n[SQL: INSERT …]", "[Errno 28] No space left on device"])
@pytest.mark.parametrize("kind", [OSError, BadInput])
def test_a_full_disk_is_named_without_a_traceback(kind: type[Exception], words: str) -> None:
    """Whoever noticed it, SQLite or the system, and however nbgrader wraps it."""
    error = told(kind(f"Traceback\n{words}"))
    assert type(error) is GraderBroke
    assert str(error) == "The disk that holds the course's root is full. Make room, and grade again with --resume."


@pytest.mark.usefixtures("here")
def test_a_class_that_is_graded_already_can_be_resumed(small: SmallCourse) -> None:
    """There is nothing to execute, and the marks stay."""
    small.hand_in("ada")
    assert grade(small.part)[0] == 0
    status, said = grade(small.part, "--resume")
    assert status == 0, said
    assert read_records(small.root, small.part)["ada"].score == 5


@pytest.mark.usefixtures("here")
def test_broken_submissions_are_no_failure_of_the_command(small: SmallCourse) -> None:
    """Status 0, the table, and where the results are."""
    small.hand_in("ada")
    small.path("bob").write_text("{")
    status, said = grade(small.part)
    assert status == 0
    assert "submission broke" in said
    assert str(small.root / "grades.csv") in said.replace("\n", "")


@pytest.mark.usefixtures("here")
def test_the_table_shows_who_has_not_handed_in(small: SmallCourse) -> None:
    """No failure of the command, no mark, and what is there instead of the notebook."""
    small.path("bob").with_name("notes.txt").touch()
    status, said = grade(small.part)
    assert status == 0
    assert "bob: not handed in, no mark" in said
    assert "What is there: 'notes.txt'." in " ".join(said.replace("│", " ").split())


@pytest.mark.usefixtures("here")
def test_a_folder_that_was_not_graded_is_a_failure_of_the_command(small: SmallCourse) -> None:
    """It is for the person who grades to rename it."""
    small.hand_in("ada")
    small.hand_in("back\\slash")
    status, said = grade(small.part)
    assert status == 1
    assert "Folders not graded: 1 of 2. Rename them and grade again." in said
    assert "contains a path separator" in " ".join(said.replace("│", " ").split())


@pytest.mark.usefixtures("here")
def test_a_bad_argument_is_told_without_a_traceback(small: SmallCourse) -> None:
    """Status 2 and one sentence."""
    small.hand_in("ada")
    status, said = grade(small.part, "--student", "nobody")
    assert status == 2
    assert "No submission of nobody. Known students: ada." in said
    assert "Traceback" not in said


def test_a_dead_engine_is_told_before_anything_is_recorded(
    small: SmallCourse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Status 2 and the repair; no gradebook, no record and no feedback are made."""
    sandbox.current.cache_clear()
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing.sock")
    small.hand_in("ada")
    before = sorted(small.root.rglob("*"))
    status, said = grade(small.part)
    assert status == 2
    assert "No Docker Engine answers" in said
    assert "Start that Engine, or use this machine's own. The variable DOCKER_HOST says" in said
    assert sorted(small.root.rglob("*")) == before


def test_where_the_grader_broke_the_command_fails(small: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 1, and how many are without a mark."""

    def broken(job: Job) -> Execution:
        raise SandboxError("no room left")

    execute_with(monkeypatch, broken)
    small.hand_in("ada")
    status, said = grade(small.part)
    assert status == 1
    assert "The grader broke on 1 of 1" in said


def record(reason: str = "") -> Record:
    """A broken submission with 2 of 3 points."""
    cell = CellResult(grade_id="a", points=2, max_points=3)
    return Record(student="a[b]da", part="p", verdict=Verdict.SUBMISSION_BROKE, reason=reason, cells=(cell,), seconds=7)


def shown(terminal: bool, reason: str = "") -> str:
    """What the table prints on a terminal or in a log."""
    console = Console(file=io.StringIO(), force_terminal=terminal, width=120, color_system=None)
    with LiveTable("Grading", console) as table:
        table("a[b]da", SubmissionState.RUNNING, None)
        table("a[b]da", SubmissionState.DONE, record(reason))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_the_table_shows_what_became_of_a_submission(terminal: bool) -> None:
    """Student, state, verdict, points, time: on a terminal as it happens, in a log at the end."""
    said = shown(terminal)
    for part in ("a[b]da", "submission broke", "2 / 3", "7 s"):
        assert part in said


@pytest.mark.usefixtures("here")
def test_timings_show_each_stage_of_each_submission(small: SmallCourse) -> None:
    """A row of seconds for each student, their median, and the whole batch; the records hold the same."""
    small.hand_in("ada")
    small.hand_in("bob")
    status, said = grade(small.part, "--timings")
    assert status == 0
    for word in ("Prepare", "Wait", "Cells", "Checks", "Around", "Record", "Feedback", "Whole", "median"):
        assert word in said
    assert "The whole batch took" in said
    for record in read_records(small.root, small.part).values():
        times = record.timings
        assert min(times.prepare, times.record, times.feedback) > 0
        assert times.whole >= times.prepare + times.record + times.feedback
    assert "Whole" not in grade(small.part)[1]


def test_a_reason_cannot_steer_the_terminal() -> None:
    """Control characters and markup in a student's text are shown, not obeyed."""
    said = shown(terminal=False, reason="\x1b[2J[red]gone[/red]")
    assert "\x1b[2J" not in said
    assert "[red]gone[/red]" in said


def test_the_demonstration_names_what_differs(tmp_path: SmallCourse) -> None:
    """A verdict, a mark or a message that is not as expected is told; so the command can fail."""
    from autograder.demo import Compared
    from autograder.submissions import Case, Expected

    expected = Expected(about="a", marks={"a": 3, "b": 1}, says={"a": "hello"})
    wrong = Compared(Case(name="c", expected=expected, answers={}), record()).differences
    assert len(wrong) == 4
    right = Expected(about="a", verdict=Verdict.SUBMISSION_BROKE, marks={"a": 2})
    assert Compared(Case(name="c", expected=right, answers={}), record()).differences == []


@pytest.mark.sandbox
@pytest.mark.full  # continuous integration runs the demonstration itself
def test_the_demonstration_gets_the_expected_marks_in_real_sandboxes() -> None:
    """Right ones get full marks; wrong, crashing and cheating ones get what they earn."""
    from autograder.demo import run

    compared = run(REPOSITORY, REPOSITORY / "build" / "demo-test")
    assert [one.record.student for one in compared] == [
        "docker-py",
        "cli",
        "partly",
        "wrong",
        "crash",
        "cheat",
    ]
    assert [one.differences for one in compared] == [[]] * 6
