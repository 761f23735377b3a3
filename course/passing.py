"""A run that ends with its kernel: a program runs the notebook, and nothing of it stays on the Engine.

The kernel removes what it made when it ends. A helper process does it where the kernel is killed, or has no time: it
waits for the end of a pipe that the kernel holds. What removes stands above this module, in `course.cleanup`.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from course import runs
from course.runs import Run

_HELPER = "import sys; sys.stdin.read(); from course import cleanup; cleanup.remove_passed(*sys.argv[1:])"
"""The imports come after the wait: most kernels need no more than the moment that Python takes to start."""

_run: Run | None = None
_remove: list[Callable[[str, str], None]] = []
_helpers: list[subprocess.Popen[bytes]] = []
"""Kept, because each holds the pipe that its process waits for."""


def at_end(remove: Callable[[str, str], None]) -> None:
    """Say what removes a run; it gets the run's token and directory."""
    _remove[:] = [remove]


def run(directory: Path) -> Run:
    """Return this kernel's own run, which works in ``directory``; the first call makes it."""
    global _run
    if _run is None:
        _run = Run(runs.new_token(), str(directory), time.time())
        for remove in _remove:
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
