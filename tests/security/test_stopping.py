"""A grader that is stopped or killed leaves nothing behind on the host."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import in_process
import pytest
from small_course import SmallCourse

from autograder.batch import grade
from autograder.gradebook import scratch
from autograder.results import Verdict

pytestmark = pytest.mark.slow

SLEEPY = """
import functools, sys, time
from autograder import batch, sandbox
from autograder.cli import main
sandbox.refresh = lambda: None  # it needs none
def execute(job):
    print("executing", flush=True)
    time.sleep(600)
batch.grade = functools.partial(batch.grade, execute=execute)
sys.argv = ["docker-course", "grade", "tiny"]
main()
"""


@pytest.fixture
def batch(small: SmallCourse) -> Iterator[subprocess.Popen[str]]:
    """A batch that executes something endless."""
    small.hand_in("ada")
    command = [sys.executable, "-c", SLEEPY]
    with subprocess.Popen(
        command, cwd=small.root, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "executing\n"
            yield process
        finally:
            process.kill()


def scratches(small: SmallCourse) -> list[Path]:
    """The scratch directories in the course's root."""
    return list(small.root.glob(".grading-*"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_batch_that_is_stopped_ends_at_once_and_leaves_nothing(
    small: SmallCourse, batch: subprocess.Popen[str], number: signal.Signals
) -> None:
    """It does not wait for what it executes; no scratch directory stays, nor a process."""
    assert len(scratches(small)) == 1
    batch.send_signal(number)
    assert batch.wait(20) == 128 + number
    assert scratches(small) == []
    assert left_in_session(batch.pid) == []


def test_what_a_killed_batch_left_is_removed_by_the_next(small: SmallCourse, batch: subprocess.Popen[str]) -> None:
    """A running batch's scratch directory stays; that of a killed one goes."""
    [mine] = scratches(small)
    scratch.remove_stale(small.root)
    assert scratches(small) == [mine]
    batch.kill()
    batch.wait()
    assert scratches(small) == [mine]
    [record] = grade(small.part, root=small.root, execute=in_process.execute)
    assert record.verdict is Verdict.GRADED
    assert scratches(small) == []


def test_the_worker_ends_with_a_killed_grader(small: SmallCourse, batch: subprocess.Popen[str]) -> None:
    """Nothing that reads or renders outlives the process that asked for it."""
    workers = children(batch.pid)
    assert workers
    batch.kill()
    batch.wait()
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []


def children(parent: int) -> list[int]:
    """Processes whose parent is ``parent``."""
    return [pid for pid, fields in processes() if int(fields[1]) == parent]


def left_in_session(session: int) -> list[int]:
    """Processes in a session."""
    return [pid for pid, fields in processes() if int(fields[3]) == session and fields[0] != "Z"]


def processes() -> Iterator[tuple[int, list[str]]]:
    """Number and state, parent, group, session of each process (proc_pid_stat(5))."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            yield int(path.parent.name), path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
