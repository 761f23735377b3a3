"""Grade cells run in the examiner's kernel, all other cells in the student's."""

import subprocess
import sys

import nbformat
import pytest
from nbgrader.utils import determine_grade

from autograder.errors import GraderBroke
from autograder.results import Execution, Verdict
from autograder.runner.__main__ import execute
from tests.autograder.runner.runner_notebooks import ASK, REPORT, check, code, job, outputs, run, text

pytestmark = pytest.mark.slow


def nbgrader_points(execution: Execution, index: int) -> float | None:
    """What nbgrader gives for a cell, None for one that a person marks."""
    points: float | None = determine_grade(nbformat.from_dict(execution.notebook["cells"][index]))[0]
    return points


SHOW = f"""
findings = [
    {{"passed": True, "message": "It runs.", "hint": ""}},
    {{"passed": False, "message": "It fell.", "hint": "Look at its log."}},
]
report = {{"exercise": "x", "points": 2.0, "findings": findings}}
display({{"text/plain": "2 of 3", "text/html": "<b>2 of 3</b>", "{REPORT}": report}}, raw=True)
2.0
"""


def test_each_kind_of_cell_has_its_own_kernel() -> None:
    """A name of the student's is unknown to a grade cell, and the other way round."""
    done = run(
        code("secret = 1"),
        check("hidden = 2\n3 * ('secret' not in globals())"),
        code("'hidden' in globals()"),
    )
    assert done.verdict is Verdict.GRADED
    assert done.cells[0].points == 3
    assert text(done, 2) == "False"


def test_both_kernels_know_the_runs_value() -> None:
    """DOCKER_COURSE_RUN is the job's in both kernels."""
    done = run(
        code("import os; os.environ['DOCKER_COURSE_RUN']"),
        check("import os; 3 * (os.environ['DOCKER_COURSE_RUN'] == 'abc123')"),
    )
    assert text(done, 0) == "'abc123'"
    assert done.cells[0].points == 3


def test_report_and_points_are_all_that_nbgrader_sees() -> None:
    """A grade cell's outputs become its report and its number, whatever else it printed."""
    done = run(check("print('noise')\nimport sys; print('a warning', file=sys.stderr)\n" + SHOW))
    assert [item["output_type"] for item in outputs(done, 0)] == ["display_data", "execute_result"]
    assert nbgrader_points(done, 0) == 2
    assert [(f.passed, f.message, f.hint) for f in done.cells[0].findings] == [
        (True, "It runs.", ""),
        (False, "It fell.", "Look at its log."),
    ]


def test_a_students_exception_does_not_end_the_run() -> None:
    """After an exception the next cells run, and the error is kept for the student to read."""
    done = run(code("1 / 0"), code("after = 1"), check(ASK + "3 * answer('after')['value']"))
    assert outputs(done, 0)[0]["ename"] == "ZeroDivisionError"
    assert done.cells[0].points == 3
    assert done.verdict is Verdict.GRADED


@pytest.mark.parametrize(
    "source",
    ["'text'", "float('nan')", "-1", "True", "4", "None", "1/0", "import os; os._exit(1)", "[1]", "3,"],
)
def test_a_grade_cell_without_points_is_the_graders_fault(source: str) -> None:
    """Where nbgrader would give full marks, or none, the grader broke and says which cell."""
    with pytest.raises(GraderBroke, match="life-check"):
        run(check(source, grade_id="life-check"))


def test_a_grade_cell_that_runs_too_long_is_the_graders_fault() -> None:
    """A check's own time limit never costs the student marks."""
    with pytest.raises(GraderBroke, match="grade cell slow ran longer than 1 seconds"):
        run(check("import time; time.sleep(60)", grade_id="slow"), cell_seconds=1)


def test_a_cell_graded_by_hand_is_the_students() -> None:
    """A cell with grade and solution runs in the student's kernel, and nbgrader leaves it to a person."""
    cell = check("mine = 1\nmine")
    cell.metadata.nbgrader["solution"] = True
    done = run(cell, code("mine"))
    assert text(done, 1) == "1"
    assert done.cells == ()
    assert nbgrader_points(done, 0) is None


def test_sources_stay_as_they_came_and_old_outputs_go() -> None:
    """The executed notebook has the job's sources and metadata, and no output from before."""
    cell = code("x = 1")
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="forged")]
    done = run(cell, check("3"), nbformat.v4.new_markdown_cell("words"))
    assert [item["source"] for item in done.notebook["cells"]] == ["x = 1", "3", "words"]
    assert outputs(done, 0) == []
    nbformat.validate(nbformat.from_dict(done.notebook))


def test_an_empty_notebook_breaks_the_submission() -> None:
    """A notebook without code cells has a reason that says so."""
    done = run()
    assert done.verdict is Verdict.SUBMISSION_BROKE
    assert "no code cells" in done.reason


def test_a_kernel_of_another_language_breaks_the_submission() -> None:
    """The reason names the kernel, and the grade cells give 0 with a sentence."""
    spec = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R 4.5"}}
    done = run(code("x <- 1"), check("3"), metadata=spec)
    assert done.verdict is Verdict.SUBMISSION_BROKE
    assert "“R 4.5”" in done.reason
    assert not done.cells[0].reached
    assert nbgrader_points(done, 1) == 0


@pytest.mark.parametrize("points", [None, "3", -1, True])
def test_bad_metadata_of_a_grade_cell_is_the_graders_fault(points: object) -> None:
    """The grader wrote that metadata, so the student cannot have spoilt it."""
    cell = check("3", grade_id="odd")
    cell.metadata.nbgrader["points"] = points
    with pytest.raises(GraderBroke, match="odd: points is"):
        run(cell)


def test_jobs_that_cannot_be_read_say_why() -> None:
    """No JSON, a wrong run value and a notebook that is none each have their reason."""
    with pytest.raises(GraderBroke, match="job cannot be read"):
        execute(b"{", unconfined=True)
    with pytest.raises(GraderBroke, match="job cannot be read"):
        execute(job().replace(b"abc123", b"A B"), unconfined=True)
    with pytest.raises(GraderBroke, match="not valid nbformat"):
        execute(b'{"notebook": {"cells": 3}, "run": "abc123"}', unconfined=True)


def test_the_program_prints_one_execution_and_nothing_else() -> None:
    """Standard output is one Execution, even for a job that cannot be read, and the status is 0."""
    good = [sys.executable, "-m", "autograder.runner", "--unconfined"]
    done = subprocess.run(good, input=job(code("print('x')"), check("3")), capture_output=True, check=True)
    assert Execution.model_validate_json(done.stdout).cells[0].points == 3
    done = subprocess.run(good, input=b"\xff", capture_output=True, check=True)
    assert Execution.model_validate_json(done.stdout).verdict is Verdict.GRADER_BROKE


def test_no_notebook_runs_outside_a_sandbox_by_accident(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the sandbox's mark the engine refuses."""
    monkeypatch.delenv("DOCKER_COURSE_SANDBOX", raising=False)
    with pytest.raises(GraderBroke, match="inside a sandbox only"):
        execute(job(code("1")))
