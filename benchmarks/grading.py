"""What grading costs around the cells: one perfect Part 1, six, a sandbox that waits, and nbgrader's own executor.

Usage: python -m benchmarks.grading [WORKERS]
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from autograder.batch.pool import Pool
from autograder.gradebook.ready import ReadySandbox
from autograder.gradebook.records import Record, read_records
from autograder.results import Job, Limits
from autograder.submissions import make_submission

ROOT = Path(__file__).parents[1]
PART = "part1"
STUDENTS = ("ada", "bob", "cyd", "dan", "eve", "fay")
ROUNDS = 3
BIN = Path(sys.executable).parent
PLAIN = """
import sys
from autograder.gradebook.preprocessors import tools_on_path
c = get_config()
tools_on_path(sys.executable)
c.CourseDirectory.course_id = "plain"
"""
"""nbgrader's settings with nothing of ours: its own executor, on the host's Engine, without isolation."""


def main(workers: str = "2") -> None:
    """Print each figure as it is there."""
    for module in ("autograder.cli", "autograder.batch.pool", "autograder.batch.batch", "nbgrader", "papermill"):
        print(f"import {module:24} {timed([sys.executable, '-c', f'import {module}']):6.2f} s", flush=True)
    waits()
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:
        one, six, plain = (Path(folder, name) for name in ("one", "six", "plain"))
        make(one, 1)
        make(six, 6)
        for _ in range(ROUNDS):
            whole = timed([BIN / "docker-course", "--quiet", "grade", PART, "--root", one])
            [record] = read_records(one, PART).values()
            print(f"one: {whole:5.1f} s, {whole - record.seconds:4.1f} s around its cells", flush=True)
        whole = timed([BIN / "docker-course", "--quiet", "grade", PART, "--root", six, "--workers", workers])
        records = list(read_records(six, PART).values())
        assert {record.score for record in records} == {20.0}
        around = statistics.median(map(own, records))
        print(f"six, {workers} at a time: {whole:5.1f} s; each waits {around:4.2f} s beside its cells", flush=True)
        make(plain, 6)
        (plain / "nbgrader_config.py").write_text(PLAIN)
        # A state directory of its own: the notebooks' run is nobody else's.
        environment = {**os.environ, "XDG_STATE_HOME": str(plain / "state")}
        command = [BIN / "nbgrader", "generate_assignment", PART]
        subprocess.run(command, cwd=plain, env=environment, capture_output=True, check=True)
        other = timed([BIN / "nbgrader", "autograde", PART], cwd=plain, env=environment)
        subprocess.run([sys.executable, "-c", "from course import reset; reset()"], env=environment, check=False)
        print(f"six, nbgrader's own executor: {other:5.1f} s; ratio {whole / other:.2f}", flush=True)


def own(record: Record) -> float:
    """Seconds that a submission takes of its turn beside its cells."""
    return record.timings.wait + record.timings.around


def waits() -> None:
    """Print how long a job waits for its first cell, in a sandbox that is booted for it and in one that waits."""
    job = Job(notebook=nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), run="abcdef")
    cold, warm = [], []
    for _ in range(ROUNDS):
        began = time.monotonic()
        with ReadySandbox(job.limits) as ready:
            ready.run(job)
            cold.append(time.monotonic() - began)
        with Pool(1, 1, Limits()) as pool:
            time.sleep(6)
            began = time.monotonic()
            pool.run(job)
            warm.append(time.monotonic() - began)
    print(f"a job of one cell: {statistics.median(cold):.2f} s; booted ahead: {statistics.median(warm):.2f} s")
    with ReadySandbox(job.limits, ahead=True) as ready:
        time.sleep(6)
        command = ["docker", "stats", "--no-stream", "--format={{.MemUsage}} {{.CPUPerc}}", ready.name]
        used = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        print(f"a sandbox that waits uses {used.strip()}", flush=True)


def make(root: Path, number: int) -> None:
    """Make a course with so many perfect submissions."""
    shutil.copytree(ROOT / "source" / PART, root / "source" / PART)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    source, release = (nbformat.read(ROOT / folder / PART / f"{PART}.ipynb", 4) for folder in ("source", "release"))
    for student in STUDENTS[:number]:
        path = root / "submitted" / student / PART / f"{PART}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(make_submission(source, release, {}), path)


def timed(command: list[str | Path], **options: object) -> float:
    """Seconds that a command takes, which must succeed."""
    began = time.monotonic()
    subprocess.run(command, capture_output=True, check=True, **options)  # type: ignore[call-overload]
    return time.monotonic() - began


if __name__ == "__main__":
    main(*sys.argv[1:])
