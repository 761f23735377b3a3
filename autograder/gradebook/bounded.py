"""Call a function on a student's work in a separate process with limits on memory and time.

A parser or a filter can be made to use gigabytes or minutes, or to crash. So whatever reads or renders a student's
text runs in a child of the *worker* (``autograder.gradebook.worker``): a process that has imported what is needed,
and forks for each call, which takes milliseconds. A call that exceeds its limits costs itself, and nobody else.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from pydantic import BaseModel, ConfigDict

from autograder.errors import AutograderError, BadInput, GraderBroke

READING = "autograder.gradebook.submission"
RENDERING = "autograder.gradebook.rendering"
PRELOADED = (READING, RENDERING)
"""What the worker imports, and warms up, before its first call; other modules are imported when they are needed."""

GRACE = 10.0
"""Seconds beyond a call's wall time after which the worker itself is given up: its child should have ended."""

OUT_OF_MEMORY = 3
"""Exit code of a child that ran out of memory and could still say so."""


class Bounds(BaseModel):
    """Limits of one call."""

    model_config = ConfigDict(frozen=True)

    memory: int
    """Bytes of address space beyond what the worker itself has."""
    cpu: int
    """Seconds of processor time."""
    wall: int
    """Seconds of wall time."""
    answer: int = 64 << 20
    """Bytes of the answer as JSON."""


class LimitExceeded(AutograderError):
    """A call used up its memory or its time, or crashed; the message says which."""


def call(function: Callable[..., Any], *arguments: Any, bounds: Bounds) -> Any:
    """Return ``function(*arguments)``, computed in a process of its own. Arguments and result are JSON.

    Raises:
        BadInput: what the function raised of that kind, with the same text.
        LimitExceeded: if the call did not finish within its bounds, or failed in any other way.
        GraderBroke: if the worker cannot be started.
    """
    with _lock, tempfile.TemporaryFile() as request, tempfile.TemporaryFile() as answer:
        request.write(json.dumps(arguments).encode())
        request.flush()
        order = {"function": f"{function.__module__}:{function.__qualname__}", "bounds": bounds.model_dump()}
        status = _ask(json.dumps(order).encode(), request, answer, bounds.wall + GRACE)
        if status != 0:
            raise LimitExceeded(_explain(status, bounds))
        answer.seek(0)
        said: dict[str, Any] = json.load(answer)
    if "refused" in said:
        raise BadInput(said["refused"])
    if "error" in said:
        raise LimitExceeded(said["error"])
    return said["value"]


def start(modules: tuple[str, ...] = PRELOADED) -> None:
    """Start the worker, if it does not run yet, so that it imports while this process does something else.

    Args:
        modules: what it imports before its first call.
    """
    global _preloaded
    with _lock:
        _preloaded = modules
        _running()


def _ask(order: bytes, request: IO[bytes], answer: IO[bytes], timeout: float) -> int:
    """Hand a call to the worker, and return the exit code of its child; negative for a signal, as subprocess does."""
    for attempt in (1, 2):
        worker = _running()
        try:
            return worker.run(order, request.fileno(), answer.fileno(), timeout)
        except TimeoutError:
            _close()
            return -signal.SIGALRM
        except OSError as error:  # the worker is gone: not the doing of the call, whose child is another process
            last = worker.last_words()
            _close()
            if attempt == 2:
                raise GraderBroke(f"The process that reads and renders submissions ended. {last}") from error
        except BaseException:  # interrupted: its answer, which is still to come, would be taken for the next call's
            _close()
            raise
    raise AssertionError


def _explain(status: int, bounds: Bounds) -> str:
    if status == -signal.SIGXCPU or status == -signal.SIGKILL:
        return f"it took more than {bounds.cpu} seconds of processor time"
    if status == -signal.SIGALRM:
        return f"it took more than {bounds.wall} seconds"
    if status == OUT_OF_MEMORY:
        return f"it took more than {bounds.memory >> 20} MB of memory"
    return f"it took too much memory, or crashed the program that does it (status {status})"


class _Worker:
    """The process that forks, and our end of the socket to it."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        self._socket, theirs = socket.socketpair()
        # -P: the current directory, a course's root, is no place to import from. A session of its own: what is typed
        # at a terminal (Ctrl-C) goes to us, and the worker ends when our end of the socket is closed.
        command = [sys.executable, "-P", "-m", "autograder.gradebook.worker", *_preloaded]
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=self._stderr,
                stderr=self._stderr,
                start_new_session=True,
                cwd="/",
            )

    def run(self, order: bytes, request: int, answer: int, timeout: float) -> int:
        self._socket.settimeout(timeout)
        socket.send_fds(self._socket, [order], [request, answer])
        status = self._socket.recv(32)
        if not status:
            raise ConnectionError
        return int(status)

    def last_words(self) -> str:
        self._stderr.seek(0)
        return self._stderr.read()[-1000:].decode(errors="replace").strip()

    def close(self) -> None:
        self._socket.close()
        self._stderr.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


_lock = threading.Lock()
_worker: _Worker | None = None
_preloaded: tuple[str, ...] = PRELOADED


def _running() -> _Worker:
    global _worker
    if _worker is None or _worker.owner != os.getpid():  # a forked process must not talk over its parent's socket
        _worker = _Worker()
    return _worker


@atexit.register
def _close() -> None:
    global _worker
    if _worker is not None and _worker.owner == os.getpid():
        _worker.close()
    _worker = None
