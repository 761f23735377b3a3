"""The process that records: it imports nbgrader, and writes while the next submissions are executed.

It is started once and stays until this process ends; when this process is killed, it finishes what it writes, and ends.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from autograder.errors import GraderBroke
from autograder.results import Execution, Verdict

if TYPE_CHECKING:
    from autograder.batch.prepare import Prepared
    from autograder.gradebook.course import Course
    from autograder.gradebook.records import Record
    from autograder.gradebook.source import Source

STOP_TIMEOUT = 5.0
"""Seconds in which a batch that is stopped still records what has been executed."""


class RecorderEnded(GraderBroke):
    """The process that records ended before it answered."""


class Recording:
    """Records the submissions of one part, one after the other, in the background.

    Args:
        course: where.
        part: such as ``part1``.
    """

    def __init__(self, course: Course, part: str) -> None:
        self._course = course
        self._part = part
        self._turns = ThreadPoolExecutor(1, "recording")
        self._pending: list[Future[Any]] = []
        self._stopped = False

    def __enter__(self) -> Self:
        self._source = self._turns.submit(self._open)
        self._registered = self._turns.submit(_ask, "register")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            late = wait(self._pending, STOP_TIMEOUT).not_done
            self._stopped = True
            if late:
                end()
        self._turns.shutdown(cancel_futures=True)
        with suppress(RecorderEnded):
            _ask("close")

    def source(self) -> Source:
        """Return the part's source; raises BadInput if it cannot be used."""
        return self._source.result()

    def ready(self) -> None:
        """Return when the part is in the gradebook; raises BadInput if it cannot be there as it is now."""
        self._registered.result()

    def check(self) -> None:
        """Raise what `ready` raises, as soon as it is known."""
        if self._registered.done():
            self.ready()

    def write(self, prepared: Prepared, execution: Execution) -> Future[Record]:
        """Record a submission when its turn comes."""
        self.ready()
        future = self._turns.submit(self._write, prepared, execution)
        self._pending = [*(one for one in self._pending if not one.done()), future]
        return future

    def students(self) -> list[str]:
        """Return the names of all students in the gradebook."""
        self.ready()
        names: list[str] = self._turns.submit(_ask, "students").result()
        return names

    def export(self) -> None:
        """Write the table of marks, after everything that is to be recorded."""
        self._turns.submit(_ask, "export").result()

    def _open(self) -> Source:
        source: Source = _ask("open", self._course.root, self._part)
        return source

    def _write(self, prepared: Prepared, execution: Execution) -> Record:
        """Let the process record it; if that brought it down, have another one record that."""
        record: Record
        try:
            record = _ask("write", prepared, execution)
        except RecorderEnded as error:
            if self._stopped:
                raise
            end()
            self._open()
            _ask("register")
            broke = Execution(verdict=Verdict.GRADER_BROKE, reason=str(error))
            record = _ask("write", prepared, broke)
        return record


class _Process:
    """The process and our end of the connection to it."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        ours, theirs = socket.socketpair()
        # -P: the current directory is no place to import from; what this process finds, a course's settings find there.
        # A session of its own: what is typed at a terminal (Ctrl-C) goes to us, and it ends with the connection.
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.batch.recorder_process"],
                stdin=theirs.fileno(),
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)},
                start_new_session=True,
            )
        self._connection = Connection(ours.detach())

    def ask(self, name: str, *arguments: Any) -> Any:
        """Call a method of the other side's `Desk`; raises what it raised, or RecorderEnded."""
        try:
            self._connection.send((name, arguments))
            good, said = self._connection.recv()
        except (EOFError, OSError) as error:
            raise RecorderEnded(
                "The process that records ended. What it has recorded is complete: grade the rest with --resume."
            ) from error
        if not good:
            raise said
        return said

    def end(self) -> None:
        self._connection.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, 9)
        self._process.wait()


_lock = threading.Lock()
_current: _Process | None = None


def start() -> None:
    """Start the process, if it does not run yet, so that it imports while this one does something else."""
    _process()


def _process() -> _Process:
    global _current
    with _lock:
        if _current is None or _current.owner != os.getpid():
            _current = _Process()
        return _current


def _ask(name: str, *arguments: Any) -> Any:
    return _process().ask(name, *arguments)


@atexit.register
def end() -> None:
    """End the process at once, if it runs; the next use starts another."""
    global _current
    if _current is not None and _current.owner == os.getpid():
        _current.end()
    _current = None
