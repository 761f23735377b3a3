"""A grader that is stopped or killed leaves nothing behind on the host."""

from __future__ import annotations

import os
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
from autograder.batch.pool import Pool
sandbox.refresh = Pool._fill = lambda *_: None  # it needs none
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
            while not scratches(small):  # the process that records makes it
                time.sleep(0.05)
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
    below = children(batch.pid)
    batch.send_signal(number)
    assert batch.wait(20) == 128 + number
    assert scratches(small) == []
    assert left_in_session(batch.pid) == []
    assert_end(below)


def test_what_a_killed_batch_left_is_removed_by_the_next(small: SmallCourse, batch: subprocess.Popen[str]) -> None:
    """A running batch's scratch directory stays; that of one that was killed with all its processes goes."""
    before = scratches(small)
    scratch.remove_stale(small.root)
    assert scratches(small) == before
    for pid in (*children(batch.pid), batch.pid):
        os.kill(pid, signal.SIGKILL)
    batch.wait()
    assert scratches(small)
    [record] = grade(small.part, root=small.root, execute=in_process.execute)
    assert record.verdict is Verdict.GRADED
    assert scratches(small) == []


def test_the_worker_ends_with_a_killed_grader(small: SmallCourse, batch: subprocess.Popen[str]) -> None:
    """Nothing that reads, renders or records outlives the process that asked for it, nor its scratch directory."""
    workers = children(batch.pid)
    assert len(workers) >= 2
    batch.kill()
    batch.wait()
    assert_end(workers)
    assert scratches(small) == []


def assert_end(workers: list[int]) -> None:
    """These processes end soon."""
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
