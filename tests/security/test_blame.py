"""No student chooses to have no mark: a check that hangs or breaks by the student's work costs its points."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import nbformat.v4
import pytest

from autograder.errors import GraderBroke, SandboxError
from autograder.gradebook.execution import execute_fairly
from autograder.results import CellResult, Execution, Job, Verdict
from tests.security.notebooks import check, grade, marks, result, runs, student

pytestmark = pytest.mark.xdist_group("blame")

HANGS = """
import subprocess, time
recipe = "FROM busybox\\nRUN rm -f /etc/passwd && mkfifo /etc/passwd\\n"
subprocess.run("DOCKER_BUILDKIT=0 docker build -q -t fifo -", shell=True, check=True, input=recipe, text=True)
subprocess.run(["docker", "create", "--name", "hangs", "fifo", "sleep", "300"], check=True)
subprocess.Popen(["docker", "start", "hangs"])
time.sleep(1)
"""

HONEST = """
subprocess.run(["docker", "run", "-d", "--name", "honest", "busybox", "sleep", "600"], check=True)
"""

STRANGE = """
import subprocess
subprocess.run("docker run -d --name strange --label count=many busybox sleep 600", shell=True, check=True)
"""

TRUSTS_A_LABEL = """
from course import connect
made = connect().containers.list(filters={"name": "strange"})
3 * sum(int(container.labels["count"]) for container in made)
"""


@pytest.fixture(scope="module")
def hanging() -> Iterator[Future[Execution]]:
    """A notebook with a container about which the Engine says nothing, and an honest one after it.

    Its run waits for most of a minute and works for a few seconds, so other tests do their work meanwhile.
    """
    cells = [student(HANGS), runs("hangs", "hangs"), student(HONEST), runs("honest", "honest")]
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(grade, *cells, seconds=150, cell_seconds=8)


@pytest.mark.sandbox
@pytest.mark.usefixtures("hanging")
def test_a_check_that_a_students_work_breaks_gives_nothing_and_is_flagged() -> None:
    """A label that a check takes for a number breaks the check, which works without the answers: 0 points."""
    honest = "import subprocess\n" + HONEST
    execution = grade(student(STRANGE), check("trusts", TRUSTS_A_LABEL), student(honest), runs("honest", "honest"))
    assert execution.verdict is Verdict.GRADED
    assert marks(execution) == {"trusts": 0, "honest": 3}
    assert "ValueError" in result(execution, "trusts").failure
    assert "ValueError" in result(execution, "trusts").findings[0].message


@pytest.mark.sandbox
@pytest.mark.usefixtures("hanging")
def test_a_check_that_fails_by_itself_is_the_graders_fault() -> None:
    """It fails without any answer as well: there is no mark."""
    execution = grade(student("x = 1"), check("wrong", "1 / 0"), check("right", "3"))
    assert execution.verdict is Verdict.GRADER_BROKE
    assert "ZeroDivisionError" in execution.reason
    assert execution.cells == ()


@pytest.mark.sandbox
def test_a_container_that_hangs_the_engine_costs_its_check(hanging: Future[Execution]) -> None:
    """The check gives 0 points with a reason, where it could not look; it is no reason for no mark."""
    done = hanging.result()
    assert (done.verdict, done.reason) == (Verdict.GRADED, "")
    assert marks(done)["hangs"] == 0
    assert "asked about the container hangs" in result(done, "hangs").findings[0].message


@pytest.mark.sandbox
def test_the_run_goes_on_after_a_container_that_hangs(hanging: Future[Execution]) -> None:
    """Other work keeps its points."""
    assert marks(hanging.result())["honest"] == 3


def tried(answered: Any, unanswered: Any) -> Execution:
    """What comes of a notebook that fares in one way with answers and in another without; both may be errors."""

    def execute(job: Job) -> Execution:
        comes = answered if any("nbgrader" not in cell["metadata"] for cell in job.notebook["cells"]) else unanswered
        if isinstance(comes, Exception):
            raise comes
        found: Execution = comes
        return found

    notebook = nbformat.v4.new_notebook(cells=[student("x = 1"), check("one", "3")])
    return execute_fairly(Job(notebook=notebook, run="abcdef"), execute)


GOOD = Execution(verdict=Verdict.GRADED, cells=(CellResult(grade_id="one", points=0, max_points=3),))
FAILED = Execution(
    verdict=Verdict.GRADER_BROKE,
    reason="It raised.",
    cells=(CellResult(grade_id="one", points=0, max_points=3, failure="It raised."),),
)


def test_the_control_run_tells_whose_fault_a_failed_check_is() -> None:
    """If the check works without the student's work it gives 0 points, else there is no mark."""
    execution = tried(FAILED, GOOD)
    assert (execution.verdict, marks(execution)) == (Verdict.GRADED, {"one": 0})
    assert "A person has to look at it: It raised." in execution.reason
    assert tried(FAILED, FAILED).verdict is Verdict.GRADER_BROKE
    assert tried(FAILED, SandboxError("no room")).verdict is Verdict.GRADER_BROKE


@pytest.mark.parametrize(
    "broken",
    [
        GraderBroke("status 137"),
        Execution(verdict=Verdict.GRADER_BROKE, reason="The examiner kernel did not start."),
        Execution(verdict=Verdict.GRADED, cells=GOOD.cells * 2),
    ],
    ids=["no result", "no marks", "a mark twice"],
)
def test_ending_the_execution_itself_is_no_way_to_have_no_mark(broken: Execution | Exception) -> None:
    """What breaks in the sandbox twice, and does not without the answers, is the submission's doing."""
    execution = tried(broken, GOOD)
    assert (execution.verdict, marks(execution)) == (Verdict.SUBMISSION_BROKE, {"one": 0})
    assert tried(broken, broken).verdict is Verdict.GRADER_BROKE


def test_a_sandbox_that_does_not_start_is_nobodys_doing() -> None:
    """The student's work had no part in it, so there is no mark, whatever a control run would say."""
    assert tried(SandboxError("no room"), GOOD).verdict is Verdict.GRADER_BROKE
