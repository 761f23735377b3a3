"""Sandboxes that are booted ahead: none is used twice, none is left, and time counts from when one is used."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.batch import pool as pools
from autograder.batch.pool import Pool
from autograder.errors import SandboxError
from autograder.gradebook.execution import run_in_sandbox
from autograder.gradebook.ready import ReadySandbox
from autograder.results import Execution, Job, Limits, Verdict
from autograder.sandbox import Sandbox


class Pretended:
    """Takes the place of a sandbox, and notes what becomes of it."""

    made: list[Pretended]
    dead: int
    """How many end while they wait."""

    def __init__(self, limits: Limits, word: str | None = None, *, ahead: bool) -> None:
        self.limits, self.jobs, self.opened, self.closed = limits, 0, False, False
        self.made.append(self)
        self.waits = len(self.made) > self.dead
        assert ahead

    def open(self) -> None:
        """Take a while."""
        time.sleep(0.05)
        self.opened = True

    def run(self, job: Job) -> Execution:
        """Count it."""
        assert self.opened
        assert not self.closed
        self.jobs += 1
        time.sleep(0.05)
        return Execution(verdict=Verdict.GRADED)

    def close(self) -> None:
        """Note it."""
        self.closed = True


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Pretended]:
    """The sandboxes that the pool makes."""
    Pretended.made, Pretended.dead = [], 0
    monkeypatch.setattr(pools, "ReadySandbox", Pretended)
    return Pretended.made


def job(*sources: str, **limits: Any) -> Job:
    """A job with these cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    return Job(notebook=notebook, run="abcdef", limits=Limits(**limits))


def test_each_sandbox_is_used_once(made: list[Pretended]) -> None:
    """Six jobs, two at a time: six sandboxes, each with one job, all gone afterwards."""
    with Pool(6, 2) as pool, ThreadPoolExecutor(2) as threads:
        assert len(list(threads.map(pool.run, [job()] * 6))) == 6
    assert [one.jobs for one in made] == [1] * 6
    assert all(one.closed for one in made)


def test_what_was_not_needed_is_removed(made: list[Pretended]) -> None:
    """A batch that ends before all of its sandboxes are used leaves none."""
    with Pool(5, 3) as pool:
        pool.run(job())
    assert sorted(one.jobs for one in made)[-1] == 1
    assert sum(one.jobs for one in made) == 1
    assert [one for one in made if one.opened and not one.closed] == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_interrupted_batch_removes_them(made: list[Pretended], error: type[BaseException]) -> None:
    """Whatever ends it, those that wait and those that still boot are removed."""

    def interrupted() -> None:
        with Pool(5, 2):
            time.sleep(0.02)
            raise error

    with pytest.raises(error):
        interrupted()
    deadline = time.monotonic() + 5
    while any(one.opened != one.closed for one in made) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert made
    assert all(one.opened == one.closed for one in made)


def test_more_jobs_than_expected_are_executed_too(made: list[Pretended]) -> None:
    """A second try, or a control run, waits for a sandbox of its own."""
    with Pool(1, 1) as pool:
        for _ in range(3):
            pool.run(job())
    assert [one.jobs for one in made] == [1, 1, 1]


def test_a_job_with_other_limits_gets_a_sandbox_with_these(made: list[Pretended]) -> None:
    """The container's limits are set when it boots."""
    with Pool(2, 1) as pool:
        pool.run(job(seconds=5))
    [used] = [one for one in made if one.jobs]
    assert used.limits.seconds == 5


def test_a_sandbox_that_ended_while_it_waited_is_not_used(made: list[Pretended]) -> None:
    """It would be taken for the submission's doing."""
    Pretended.dead = 1
    with Pool(2, 1) as pool:
        pool.run(job())
    assert made[0].jobs == 0
    assert made[0].closed
    assert sum(one.jobs for one in made) == 1


def test_a_pool_that_has_ended_boots_nothing(made: list[Pretended]) -> None:
    """What still runs is told so."""
    with Pool(0, 1) as pool:
        pool.end()
        with pytest.raises(SandboxError, match="has ended"):
            pool.run(job())
    assert made == []


@pytest.mark.sandbox
def test_the_wall_clock_begins_with_the_submission() -> None:
    """A sandbox may wait for longer than its limit; from `begin` on the limit holds, whatever runs inside."""
    with Sandbox(Limits(seconds=2), ahead=True) as box:
        time.sleep(3)
        assert box.alive()
        box.begin()
        began = time.monotonic()
        box.wait(15)
        assert time.monotonic() - began > 1


@pytest.mark.sandbox
def test_a_pooled_run_is_as_any_other() -> None:
    """The same outputs, the run's word of the sandbox that it got, and the whole time of its own."""
    asked = job(
        "import os; print(os.environ['DOCKER_COURSE_RUN'])",
        "print(sorted(name for name in globals() if not name.startswith('_')))",
        "import docker; print(docker.from_env().containers.list())",
        seconds=30,
        cell_seconds=10,
    )
    plain = run_in_sandbox(asked)
    ready = ReadySandbox(asked.limits, ahead=True)
    with ready:
        time.sleep(2)
        pooled = ready.run(asked)
        assert not ready.waits
    printed, expected = ([cell["outputs"] for cell in done.notebook["cells"]] for done in (pooled, plain))
    assert printed[1:] == expected[1:]
    assert [outputs[0]["text"] for outputs in (printed[0], expected[0])] == [f"{ready.word}\n", "abcdef\n"]
    assert ready.word != "abcdef"


KILLED = """
import time
from autograder.batch.pool import Pool
with Pool(3, 2) as pool:
    for future in list(pool._ahead):
        print(future.result().name, flush=True)
    time.sleep(600)
"""


@pytest.mark.sandbox
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_grader_leaves_no_sandbox_that_waited(number: signal.Signals) -> None:
    """Each lives as long as the pipe that the process held."""
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", KILLED], cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        names = [process.stdout.readline().strip() for _ in range(2)]
        assert all(names)
        assert set(names) <= containers()
        process.send_signal(number)
        process.wait(30)
    deadline = time.monotonic() + 20
    while containers() & {*names} and time.monotonic() < deadline:
        time.sleep(0.1)
    assert containers() & {*names} == set()


def containers() -> set[str]:
    """Names of all containers on this machine."""
    listed = subprocess.run(
        ["docker", "ps", "--all", "--format={{.Names}}"], capture_output=True, text=True, check=True
    )
    return set(listed.stdout.split())
