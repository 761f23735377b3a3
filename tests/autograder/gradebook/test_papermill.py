"""``papermill --engine docker-course``: a notebook runs in a sandbox, and papermill's notebook gets the results."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import in_process
import nbformat
import papermill as pm
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.exceptions import PapermillExecutionError
from small_course import nbgrader_cell

from autograder.errors import SandboxError
from autograder.gradebook import papermill
from autograder.gradebook.execution import run_in_sandbox
from autograder.gradebook.papermill import RunFailed
from autograder.results import CellProgress, Execution, Job, Verdict

Watch = Callable[[CellProgress], None]
SPEC = {"kernelspec": {"name": "docker-course", "display_name": "Docker Fundamentals", "language": "python"}}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Make a folder with a notebook: a parameter, an answer that uses it, and a check of the answer."""
    cells = [
        new_code_cell("x = 1", metadata={"tags": ["parameters"]}),
        nbgrader_cell("answer", "y = 2 * x\nprint(y)", solution=True),
        nbgrader_cell("answer-check", "3 if check(answer('y') == 42, 'y is 42') else 0", points=3),
    ]
    nbformat.write(new_notebook(cells=cells, metadata=SPEC), tmp_path / "in.ipynb")
    return tmp_path


def execute_with(monkeypatch: pytest.MonkeyPatch, execute: Callable[[Job, Watch], Execution]) -> None:
    """Put a function in the place of the sandbox."""
    monkeypatch.setattr(papermill, "run_in_sandbox", execute)


def run(place: Path, **options: object) -> nbformat.NotebookNode:
    """Let papermill run the notebook; the one that it wrote."""
    pm.execute_notebook(
        place / "in.ipynb", place / "out.ipynb", engine_name="docker-course", progress_bar=False, **options
    )
    return nbformat.read(place / "out.ipynb", as_version=4)


def test_parameters_are_injected_and_outputs_come_back(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """papermill's injected cell runs like any of the student's; what cells gave is in the notebook that it writes."""
    execute_with(monkeypatch, lambda job, watch: in_process.execute(job))
    done = run(place, parameters={"x": 21})
    assert [cell.source.splitlines()[-1] for cell in done.cells[:2]] == ["x = 1", "x = 21"]
    assert done.cells[2].outputs[0].text == "42\n"
    assert done.cells[3].outputs[0].data["text/plain"] == "3.0"


def test_each_cell_has_the_times_of_the_run(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """papermill hears when a cell starts and ends; the times that were taken in the sandbox are those that stay."""
    heard: list[object] = []

    def execute(job: Job, watch: Watch) -> Execution:
        for index in range(len(job.notebook["cells"])):
            watch(CellProgress(index=index, done=False))
            heard.append(nbformat.read(place / "out.ipynb", 4).cells[index].metadata.papermill.status)
            watch(CellProgress(index=index, done=True))
        watch(CellProgress(index=99, done=True))  # a sandbox is not believed
        execution = in_process.execute(job)
        for cell in execution.notebook["cells"]:
            cell["metadata"] = {**cell["metadata"], "papermill": {"status": "completed", "duration": 7.0}}
        return execution

    execute_with(monkeypatch, execute)
    done = run(place)
    assert heard == ["running"] * 3
    assert [cell.metadata.papermill.duration for cell in done.cells] == [7.0] * 3


def test_a_time_for_each_cell_is_passed_on(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """papermill's ``--execution-timeout`` is the sandbox's limit for a cell."""
    limits = []

    def execute(job: Job, watch: Watch) -> Execution:
        limits.append(job.limits.cell_seconds)
        return in_process.execute(job)

    execute_with(monkeypatch, execute)
    run(place, execution_timeout=5)
    run(place)
    assert limits == [5, 120]


def test_a_submission_that_broke_is_an_error_with_the_reason(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The outputs up to there are written, the metadata says that it failed, and papermill's caller gets the reason."""
    execute_with(monkeypatch, lambda job, watch: in_process.execute(job))
    notebook = nbformat.read(place / "in.ipynb", as_version=4)
    notebook.cells.insert(2, new_code_cell("raise Crash"))
    nbformat.write(notebook, place / "in.ipynb")
    with pytest.raises(RunFailed, match="submission broke: The student's kernel died"):
        run(place)
    done = nbformat.read(place / "out.ipynb", as_version=4)
    assert done.cells[1].outputs[0].text == "2\n"
    assert done.metadata.papermill.exception is True


def test_a_cell_that_raises_is_papermills_own_error(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with any engine, papermill marks the cell in the notebook that it writes."""
    execute_with(monkeypatch, lambda job, watch: in_process.execute(job))
    notebook = nbformat.read(place / "in.ipynb", as_version=4)
    notebook.cells.insert(1, new_code_cell("raise ValueError('no')"))
    nbformat.write(notebook, place / "in.ipynb")
    with pytest.raises(PapermillExecutionError, match=r"Exception encountered at.*\nno\n"):
        run(place)
    assert "An Exception was encountered" in (place / "out.ipynb").read_text()


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (SandboxError("No sandbox holds the files of this checkout."), "No sandbox holds"),
        (Execution(verdict=Verdict.GRADER_BROKE, reason="A check failed."), "grader broke: A check failed"),
        (Execution(verdict=Verdict.GRADED, notebook={"cells": []}), "other cells than it got"),
        (Execution(verdict=Verdict.GRADED, notebook={"cells": [{}] * 3}), "other cells than it got"),
    ],
)
def test_whatever_fails_is_an_error_of_papermills_kind(
    place: Path, monkeypatch: pytest.MonkeyPatch, outcome: Exception | Execution, message: str
) -> None:
    """No sandbox, a broken check, a result that does not fit: one class of error, and the reason in it."""

    def execute(job: Job, watch: Watch) -> Execution:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    execute_with(monkeypatch, execute)
    with pytest.raises(RunFailed, match=message):
        run(place)


def test_papermill_is_imported_without_the_autograders_libraries() -> None:
    """papermill loads every engine's entry point when it starts; ours costs nothing until it is used."""
    program = "import sys, papermill; print([name for name in sys.modules if name.startswith('autograder')])"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout == "['autograder']\n"


@pytest.mark.sandbox
def test_the_command_runs_the_notebook_in_a_sandbox(place: Path) -> None:
    """Whoever types it gets a notebook that was executed as the student inside, with the parameter, in two kernels."""
    cells = [
        new_code_cell("x = 1", metadata={"tags": ["parameters"]}),
        new_code_cell("import os, docker\nprint(os.getuid(), os.getcwd(), x)\ndocker.from_env().ping()"),
        nbgrader_cell("look", "import os\n2 if os.getuid() == 1001 else 0", points=2),
        new_code_cell("import os\nos._exit(3)"),
    ]
    nbformat.write(new_notebook(cells=cells, metadata=SPEC), place / "in.ipynb")
    program = Path(sys.executable).with_name("papermill")
    done = subprocess.run(
        [program, "--engine", "docker-course", "in.ipynb", "out.ipynb", "-p", "x", "4711"],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "RunFailed: submission broke: The Python kernel ended while cell 5" in done.stderr
    assert "look: 2 of 2 points" in done.stderr
    written = nbformat.read(place / "out.ipynb", as_version=4)
    assert written.cells[2].outputs[0].text == "1000 /home/student/work 4711\n"
    assert written.cells[2].outputs[1].data["text/plain"] == "True"
    assert written.cells[3].outputs[-1].data["text/plain"] == "2"
    assert [cell.execution_count for cell in written.cells] == [1, 2, 3, 4, 5]
    assert all(cell.metadata.papermill.duration is not None for cell in written.cells)


@pytest.mark.sandbox
def test_progress_comes_while_the_notebook_runs() -> None:
    """Each start and end is heard in order, and the result is the same as without."""
    notebook = new_notebook(cells=[new_code_cell("1 + 1"), new_code_cell("2 + 2")], metadata=SPEC)
    heard: list[CellProgress] = []
    execution = run_in_sandbox(papermill.new_job(notebook), heard.append)
    assert [(one.index, one.done) for one in heard] == [(0, False), (0, True), (1, False), (1, True)]
    assert execution.notebook["cells"][1]["outputs"][0]["data"]["text/plain"] == "4"
