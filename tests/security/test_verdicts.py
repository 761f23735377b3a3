"""Which verdict a run gets that did not end by itself: a student must not be able to choose to have none."""

from __future__ import annotations

import nbformat.v4
import pytest

from autograder.errors import SandboxEnded, SandboxError, TimeLimit
from autograder.gradebook.execution import execute_fairly
from autograder.results import Execution, Job, Verdict
from tests.security.notebooks import check, marks

JOB = Job(notebook=nbformat.v4.new_notebook(cells=[check("one", "3")]), run="abcdef")


def tried(*errors: Exception) -> Execution:
    """What comes of a job whose tries end with these errors."""
    left = iter(errors)

    def execute(job: Job) -> Execution:
        raise next(left)

    return execute_fairly(JOB, execute)


@pytest.mark.parametrize("first", [SandboxEnded("gone"), TimeLimit("late")])
@pytest.mark.parametrize("second", [SandboxEnded("gone"), TimeLimit("late")])
def test_a_notebook_that_wears_out_two_sandboxes_broke(first: Exception, second: Exception) -> None:
    """Each time the sandbox had started and did not survive: no points, and the reason says so."""
    execution = tried(first, second)
    assert execution.verdict is Verdict.SUBMISSION_BROKE
    assert marks(execution) == {"one": 0}
    assert "twice" in execution.reason


@pytest.mark.parametrize("other", [SandboxError("no room"), OSError("disk")])
def test_where_the_grader_may_be_to_blame_there_is_no_mark(other: Exception) -> None:
    """If one of the two tries failed for another reason, nobody loses points for it."""
    assert tried(SandboxEnded("gone"), other).verdict is Verdict.GRADER_BROKE
    assert tried(other, TimeLimit("late")).verdict is Verdict.GRADER_BROKE
