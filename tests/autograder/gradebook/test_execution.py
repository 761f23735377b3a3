"""An execution is believed where it fits what was asked; else the grader broke, and is tried once more."""

from __future__ import annotations

import in_process
import pytest
from small_course import SmallCourse

from autograder.errors import SandboxError, TimeLimit
from autograder.gradebook.execution import execute_fairly, expected_points, new_job, not_run
from autograder.gradebook.preprocessors import prepare
from autograder.gradebook.source import load_source
from autograder.results import CellResult, Execution, Job, Verdict


@pytest.fixture
def job(small: SmallCourse) -> Job:
    """A job of the small course with right answers."""
    source = load_source(small.course.source(small.part))
    return new_job(prepare(source, small.hand_in("ada")))


def cells(first: float = 3, second: float = 2, **more: float) -> tuple[CellResult, ...]:
    """Results of both grade cells, and of more."""
    points = {"first-check": (first, 3.0), "second-check": (second, 2.0)}
    results = [CellResult(grade_id=name, points=given, max_points=most) for name, (given, most) in points.items()]
    return (
        *results,
        *(CellResult(grade_id=name, points=given, max_points=given) for name, given in more.items()),
    )


def test_a_good_execution_is_taken_as_it_is(job: Job) -> None:
    """The marks are the examiner's."""
    execution = execute_fairly(job, in_process.execute)
    assert execution.verdict is Verdict.GRADED
    assert {cell.grade_id: cell.points for cell in execution.cells} == {"first-check": 3, "second-check": 2}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (cells(first=3.5), "3.5 of 3.0 points for first-check"),
        (cells(bonus=100), "was not asked for"),
        (cells()[:1], "no result for second-check"),
        ((*cells(), cells()[0]), "was not asked for"),
        ((), "no result for first-check, second-check"),
    ],
)
def test_a_result_that_does_not_fit_is_no_mark(job: Job, given: tuple[CellResult, ...], reason: str) -> None:
    """Too many points, cells that do not exist, cells that are missing or there twice."""
    execution = execute_fairly(job, lambda _: Execution(verdict=Verdict.GRADED, cells=given))
    assert execution.verdict is Verdict.GRADER_BROKE
    assert execution.cells == ()
    assert reason in execution.reason


def test_what_a_broken_submission_did_not_reach_counts_as_nothing(job: Job) -> None:
    """Cells that the execution does not mention were not reached."""
    broke = Execution(verdict=Verdict.SUBMISSION_BROKE, reason="It died.", cells=cells()[:1])
    found = {cell.grade_id: (cell.points, cell.reached) for cell in execute_fairly(job, lambda _: broke).cells}
    assert found == {"first-check": (3, True), "second-check": (0, False)}


@pytest.mark.parametrize("error", [SandboxError("no room"), TimeLimit("time was up"), RuntimeError("bug"), OSError()])
def test_the_grader_is_tried_once_more_with_another_random_value(job: Job, error: Exception) -> None:
    """What fails once passes on the second try, and nothing that leaked on the first is of use there."""
    runs: list[str] = []

    def flaky(job: Job) -> Execution:
        runs.append(job.run)
        if len(runs) == 1:
            raise error
        return in_process.execute(job)

    assert execute_fairly(job, flaky).verdict is Verdict.GRADED
    assert len(set(runs)) == 2


def test_a_grader_that_breaks_twice_says_why(job: Job) -> None:
    """Both reasons are told where they differ; nothing is raised."""
    reasons = iter(["no room", "no network"])

    def broken(job: Job) -> Execution:
        raise SandboxError(next(reasons))

    execution = execute_fairly(job, broken)
    assert execution.verdict is Verdict.GRADER_BROKE
    assert execution.reason == "no network (The first try ended so: no room)"


def test_a_submission_that_breaks_is_not_tried_again(job: Job) -> None:
    """It is the submission's own doing; a second run would only cost time."""
    runs: list[str] = []

    def broke(job: Job) -> Execution:
        runs.append(job.run)
        return not_run("It died.", expected_points(job.notebook))

    assert execute_fairly(job, broke).verdict is Verdict.SUBMISSION_BROKE
    assert len(runs) == 1
