"""Grades a class in a process of its own, and notes what that process costs and what it leaves on the machine."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.batch import SubmissionState, grade
from autograder.demo import PART
from autograder.gradebook.records import Record
from autograder.results import Limits

POLL_INTERVAL = 0.1
"""Seconds between two looks at the memory of the process and its children."""
ENGINE_INTERVAL = 1.0
"""Seconds between two looks at the sandboxes, to know what to look for afterwards."""
SETTLE_TIMEOUT = 10.0
"""How long the kernel may take to free what has ended."""


@dataclass
class Batch:
    """What came of grading a class."""

    records: list[Record]
    wall: float
    """Seconds from the start of the process to its end."""
    took: dict[str, float]
    """Seconds from the start of a submission's execution to its record, by student."""
    memory: int
    """Bytes in memory of the process and all below it together, at the worst moment; what they share counts for
    each."""
    largest: int
    """Bytes of the largest of these processes, as the kernel noted it (getrusage(2))."""
    processor: float
    """Seconds of processor time that they used, together."""
    left: list[str] = field(default_factory=list)
    """What is still there of it on the machine, apart from its results."""


def grade_apart(root: Path, students: list[str], limits: Limits) -> Batch:
    """Grade these students of the course at ``root``, in this order, in a process of its own."""
    scratch = root.parent / f"{root.name}-tmp"
    scratch.mkdir()
    command = [
        sys.executable,
        "-m",
        "tests.security.own_process",
        str(root),
        limits.model_dump_json(),
        *students,
    ]
    environment = {**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": str(Path.cwd())}
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    watch = _Watch(process.pid)
    # One that has ended stays in the table of processes until it is waited for.
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        watch.look()
        time.sleep(POLL_INTERVAL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    with process.stdout:
        said = process.stdout.read()
    assert process.returncode == 0, f"the grading process ended with {process.returncode}"
    took = json.loads(said.splitlines()[-1])
    results = (root / "results" / f"{PART}.jsonl").read_text().splitlines()
    records = [Record.model_validate_json(line) for line in results]
    return Batch(
        records=records,
        wall=wall,
        took=took,
        memory=watch.memory,
        largest=used.ru_maxrss << 10,
        processor=used.ru_utime + used.ru_stime,
        left=watch.left(root, scratch),
    )


class _Watch:
    """Looks at a running grading process, and afterwards at what is left."""

    def __init__(self, pid: int) -> None:
        self.memory = 0
        self._pid = pid
        self._containers: set[str] = set()
        self._volumes: set[str] = set()
        self._asked = 0.0

    def look(self) -> None:
        family = below(self._pid)
        self.memory = max(self.memory, sum(_resident(pid) for pid in family))
        if time.monotonic() - self._asked > ENGINE_INTERVAL:
            self._asked = time.monotonic()
            self._note_sandboxes(family)

    def _note_sandboxes(self, family: list[int]) -> None:
        """Note the containers that these processes attached to: their ids, and their volumes."""
        names = {word.removeprefix("--name=") for pid in family for word in _command(pid) if word.startswith("--name=")}
        listed = docker("ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Names}} {{.Mounts}}")
        for line in listed:
            container, name, *mounts = line.split(" ")
            if name in names:
                self._containers.add(container)
                self._volumes.update("".join(mounts).split(","))

    def left(self, root: Path, scratch: Path) -> list[str]:
        """Containers, volumes, processes, cgroups, mounts and files of the grading process that are still there."""
        deadline = time.monotonic() + SETTLE_TIMEOUT
        while (found := self._left(root, scratch)) and time.monotonic() < deadline:
            time.sleep(POLL_INTERVAL)
        return found

    def _left(self, root: Path, scratch: Path) -> list[str]:
        assert self._containers
        containers = docker("ps", "--all", "--no-trunc", "--quiet")
        volumes = [name for name in docker("volume", "ls", "--quiet") if not name.startswith("docker-course-store-")]
        found = [f"container {name}" for name in self._containers.intersection(containers)]
        found += [f"volume {name}" for name in self._volumes.intersection(volumes)]
        found += [f"process {pid} of the session: {_command(pid)}" for pid in _session(self._pid)]
        for path, what in ((Path("/proc/self/mounts"), "mount"), *((path, "process") for path in _cgroups())):
            text = _read(path)
            found += [f"{what} {path} of sandbox {name}" for name in self._containers if name in text]
        found += [
            f"cgroup {path}"
            for path in _directories("/sys/fs/cgroup")
            if self._containers.intersection(path.split("/"))
        ]
        found += [f"scratch directory {path}" for path in root.glob(".grading-*")]
        found += [f"temporary file {path}" for path in scratch.rglob("*")]
        return found


def docker(*arguments: str) -> list[str]:
    """The lines of a command's output."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout.splitlines()


def below(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for number, fields in _processes():
        children.setdefault(int(fields[1]), []).append(number)
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _session(session: int) -> list[int]:
    return [pid for pid, fields in _processes() if int(fields[3]) == session]


def _processes() -> Iterator[tuple[int, list[str]]]:
    """Number of each process, and its fields from the state on (proc_pid_stat(5))."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        if text := _read(path):
            yield int(path.parent.name), text.rpartition(")")[2].split()


def _resident(pid: int) -> int:
    fields = _read(Path(f"/proc/{pid}/statm")).split()
    return int(fields[1]) * resource.getpagesize() if fields else 0


def _command(pid: int) -> list[str]:
    return _read(Path(f"/proc/{pid}/cmdline")).split("\0")


def _cgroups() -> list[Path]:
    return list(Path("/proc").glob("[0-9]*/cgroup"))


def _directories(top: str) -> Iterator[str]:
    for path, _, _ in os.walk(top):
        yield path


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def main(root: str, limits: str, *students: str) -> None:
    """Grade, and print how long each submission took as JSON."""
    begun: dict[str, float] = {}
    took: dict[str, float] = {}

    def watch(student: str, state: SubmissionState, _: Any) -> None:
        if state is SubmissionState.RUNNING:
            begun[student] = time.monotonic()
        elif state is SubmissionState.DONE:
            took[student] = time.monotonic() - begun.get(student, time.monotonic())

    grade(PART, students, root=Path(root), limits=Limits.model_validate_json(limits), watch=watch)
    print(json.dumps(took))


if __name__ == "__main__":
    main(*sys.argv[1:])
