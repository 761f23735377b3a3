"""A run that ends with its kernel: a program runs the notebook, and nothing of it stays on the Engine.

The kernel removes what it made when it ends. A helper process does it where the kernel is killed, or has no time: it
waits for the end of a pipe that the kernel holds.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from docker.errors import DockerException
from requests.exceptions import RequestException

from course import runs
from course.runs import Run

_HELPER = "import sys; sys.stdin.read(); from course import passing; passing.remove(*sys.argv[1:])"
"""The imports come after the wait: most kernels need no more than the moment that Python takes to start."""

_run: Run | None = None
_helpers: list[subprocess.Popen[bytes]] = []
"""Kept, because each holds the pipe that its process waits for."""


def run(directory: Path) -> Run:
    """Return this kernel's own run, which works in ``directory``; the first call makes it."""
    global _run
    if _run is None:
        _run = Run(runs.new_token(), str(directory), time.time())
        atexit.register(remove, _run.token, _run.notebook)
        helper = [sys.executable, "-P", "-c", _HELPER, _run.token, _run.notebook]
        nowhere = subprocess.DEVNULL
        _helpers.append(
            subprocess.Popen(
                helper, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, cwd="/", start_new_session=True
            )
        )
    return _run


def forget() -> None:
    """Let the next call make another run."""
    global _run
    _run = None


def remove(token: str, directory: str) -> None:
    """Remove what a run made, on the Engine and in its directory; an Engine that is gone has nothing of it."""
    from course import cleanup, folders
    from course.engine import connect
    from course.errors import EngineUnreachable

    os.environ["DOCKER_COURSE_RECORD"] = ""  # a process that ends begins no record
    folders.remove(Path(directory), token)
    with contextlib.suppress(EngineUnreachable, DockerException, RequestException, OSError):
        cleanup.remove(connect(), token)
