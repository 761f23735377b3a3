"""What set-ups hide is planted by the examiner, and the student's kernel can neither work it out nor change it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.errors import GraderBroke
from autograder.results import Execution
from autograder.runner import planting
from autograder.runner.grade_cells import ChecksFailed
from autograder.runner.kernel import CellEnding
from autograder.sandbox import Sandbox
from tests.autograder.runner.runner_notebooks import check, code, job, outputs, text
from tests.autograder.runner.runner_notebooks import run as here
from tests.autograder.runner.test_in_sandbox import ENGINE

START = "from course import connect, name\nfrom course.setups import part0 as setup\nclient = connect()"
EXIT_CODE = """
from course import connect, facts, name
from course.setups import part0 as setup
found = facts.container(connect(), name("job"))
3 * (found is not None and found.state.exit_code == setup.job_exit_code())
"""


def locked(source: str, name: str = "start") -> dict[str, Any]:
    """A cell of the course's."""
    cell = code(source)
    cell["metadata"]["nbgrader"] = {"grade_id": name, "locked": True, "grade": False, "solution": False}
    return cell


def test_only_locked_cells_say_what_is_planted() -> None:
    """A student's cell may write the same words."""
    mine = code("from course.setups import part1 as setup\nsetup.leave_job(client)")
    ours = locked("a = setup.leave_job(client)\nprint(setup.words(), reset.setup(), setup.leave_job(client))")
    assert planting.module_of([mine]) == ""
    assert planting.module_of([mine, locked(START)]) == "part0"
    assert planting.calls(mine) == []
    assert planting.calls(ours) == ["leave_job", "words"]
    assert planting.calls(check("setup.leave_job(client)")) == []


@pytest.mark.parametrize(
    ("ending", "outputs", "words"),
    [
        (CellEnding.DONE, [{"output_type": "error", "ename": "APIError", "evalue": "in use"}], "APIError: in use"),
        (CellEnding.DONE, [{"output_type": "stream", "name": "stdout", "text": "[1]"}], "said '\\[1\\]'"),
        (CellEnding.STOPPED, [{"output_type": "stream", "name": "stdout", "text": "{}"}], "said '{}'"),
        (CellEnding.DIED, [], "said ''"),
    ],
)
def test_a_set_up_that_is_not_planted_is_an_error(ending: CellEnding, outputs: list[Any], words: str) -> None:
    """With what the examiner's kernel said."""
    with pytest.raises(GraderBroke, match=words):
        planting.printed(ending, outputs)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox, shared by the tests here."""
    with Sandbox() as sandbox:
        yield sandbox


def run(box: Sandbox, *cells: Any) -> Execution:
    """Run cells as a submission is run."""
    done = box.run(ENGINE, job(*cells), "root")
    assert done.returncode == 0, done.stderr.decode()
    return Execution.model_validate_json(done.stdout)


@pytest.mark.sandbox
def test_the_student_finds_what_was_planted_and_knows_nothing_of_it(box: Sandbox) -> None:
    """The set-up returns what it returns at home; what it hides is only on the Engine."""
    steal = """
import os
from course import run
for work_out in (setup.job_exit_code, setup.system_name, run.seed):
    try:
        print("got", work_out())
    except Exception as error:
        print(type(error).__name__, error)
print([name for name in os.environ if "SEED" in name])
place = os.environ["DOCKER_COURSE_PLANTED"]
print(open(place).read())
for attempt in (lambda: open(place, "w"), lambda: os.unlink(place), lambda: os.rename(place, place + "2"),
                lambda: open(os.path.dirname(place) + "/more", "w"), lambda: os.chmod(place, 0o666)):
    try:
        attempt()
        print("changed")
    except OSError as error:
        print(type(error).__name__)
"""
    listed = """
print([one.name for one in client.containers.list(all=True)])
events = client.events(since=1, until=int(__import__("time").time()) + 1, decode=True)
print("die" in [event["Action"] for event in events])
"""
    set_up = locked("setup.leave_job(client)", "hello-setup")
    done = run(box, locked(START), set_up, code(listed), code(steal), check(EXIT_CODE))
    assert done.cells[0].points == 3
    assert "has done its work" in str(outputs(done, 1))
    assert "'job-" in text(done, 2)
    assert "True" in text(done, 2)
    stolen = text(done, 3)
    assert stolen.count("CourseError") == 3
    assert "got" not in stolen
    assert "changed" not in stolen
    assert "part0.leave_job" in stolen
    assert "[]" in stolen


@pytest.mark.sandbox
def test_a_set_up_that_its_cell_has_not_run_is_not_there(box: Sandbox) -> None:
    """A student's own cell cannot have it planted."""
    early = "try:\n    setup.make_distribution(client)\nexcept Exception as error:\n    print(error)"
    done = run(box, locked(START), code(early), check("from course import facts\n1"))
    assert "part0.make_distribution has not been planted yet" in text(done, 1)


@pytest.mark.sandbox
def test_the_same_seed_hides_the_same(box: Sandbox) -> None:
    """A run can be repeated; another run hides something else."""
    tell = "made = client.containers.get(name('job'))\nprint(made.attrs['State']['ExitCode'])\nmade.remove()"
    planned = json.loads(job(locked(START), locked("setup.leave_job(client)"), code(tell), check("1")))
    seen = []
    for seed in ("a" * 32, "b" * 32, "a" * 32):
        done = box.run(ENGINE, json.dumps(planned | {"seed": seed}).encode(), "root")
        seen.append(text(Execution.model_validate_json(done.stdout), 2))
    assert seen[0] == seen[2] != seen[1]


def test_an_exercise_whose_set_up_could_not_be_planted_is_not_judged() -> None:
    """A check of what is not there would be a verdict on nothing; the next exercise is judged."""
    missing = locked("from course.setups import part99 as setup\nsetup.leave_job(1)")
    with pytest.raises(ChecksFailed, match="could not be planted: ModuleNotFoundError") as failed:
        here(missing, check("3", grade_id="one"), check("3", grade_id="two"))
    assert [(cell.points, bool(cell.failure)) for cell in failed.value.cells] == [(0, True), (3, False)]
