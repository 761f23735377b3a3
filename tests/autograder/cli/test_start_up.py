"""What a command loads: where the answer needs no library, none is loaded. ``benchmarks/start_up.py`` has the times."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_course import SmallCourse

ROOT = Path(__file__).parents[3]
HEAVY = {
    "IPython",
    "docker",
    "jupytext",
    "nbconvert",
    "nbformat",
    "nbgrader",
    "papermill",
    "traitlets",
}

PROGRAM = """
import sys
from autograder.cli import main
try:
    main()
finally:
    print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)
"""


def run(*arguments: str, **environment: str) -> tuple[int, str, set[str]]:
    """Run the command line in a process of its own: its status, what it said, which heavy libraries it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    said, _, loaded = done.stderr.rstrip().rpartition("\n")
    return done.returncode, done.stdout + said, set(loaded.split()) & HEAVY


@pytest.mark.parametrize(
    "command", ["--help", "--version", "grade --help", "demo --help", "images --help", "sandbox exec --help"]
)
def test_help_loads_no_library(command: str) -> None:
    """A page of help needs typer, with what that loads itself, and nothing else that is large."""
    status, _, loaded = run(*command.split())
    assert (status, loaded) == (0, set())


def test_a_wrong_part_is_refused_before_any_library_is_loaded() -> None:
    """The error lists the known parts."""
    status, said, loaded = run("grade", "part9")
    assert (status, loaded) == (2, set())
    assert "There is no part 'part9'" in said


def test_a_wrong_root_is_refused_before_any_library_is_loaded(tmp_path: Path) -> None:
    """The error names the folder and the file that it should have."""
    status, said, loaded = run("grade", "part1", "--root", str(tmp_path))
    assert (status, loaded) == (2, set())
    assert "nbgrader_config.py" in said


def test_a_dead_engine_is_found_without_the_libraries_that_grade(tmp_path: Path) -> None:
    """The Engine's client is loaded, and nothing of notebooks."""
    (tmp_path / "nbgrader_config.py").touch()
    for path in (tmp_path / "source/part1/part1.ipynb", tmp_path / "submitted/ada/part1/part1.ipynb"):
        path.parent.mkdir(parents=True)
        path.touch()
    gone = f"unix://{tmp_path}/docker.sock"
    status, said, loaded = run("grade", "part1", "--root", str(tmp_path), DOCKER_HOST=gone)
    assert status == 2
    assert f"No Docker Engine answers at {gone}" in said
    assert loaded == {"docker"}


GRADES = """
import functools, sys
from autograder import batch, sandbox
from autograder.batch.pool import Pool
from autograder.cli import main
sandbox.refresh = Pool._fill = lambda *_: None
import in_process
batch.grade = functools.partial(batch.grade, execute=in_process.execute)
sys.argv = ["docker-course", "grade", "tiny"]
try:
    main()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.mark.slow
def test_the_process_that_grades_loads_nothing_that_records(small: SmallCourse) -> None:
    """Reading takes nbformat; nbgrader, with the database and the pages, is in the process that records."""
    small.hand_in("ada")
    done = subprocess.run(
        [sys.executable, "-c", GRADES],
        cwd=small.root,
        env={**os.environ, "PYTHONPATH": str(small.root)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "nbformat" in loaded
    assert (
        loaded & {"IPython", "alembic", "jupytext", "nbclient", "nbconvert", "nbgrader", "papermill", "sqlalchemy"}
        == set()
    )
    assert small.score("ada") == 5


def test_a_runner_starts_its_kernels_before_it_loads_papermill() -> None:
    """What executes a notebook is imported while the kernels start."""
    program = "import sys, autograder.runner.__main__, autograder.runner.kernels; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & {"nbclient", "nbconvert", "nbformat", "papermill"} == set()
