"""The autograder of Docker Fundamentals: every submission in a Docker Engine of its own.

    grade       the submissions of a part, from the files to the gradebook
    Sandbox     a throw-away Docker Engine, as a context manager
    Execution, Job, Limits, Verdict     what goes into a sandbox and what comes out
    AutograderError                     base of all errors (the tree is in ``autograder.errors``)

Names are loaded when they are first used: a process in a sandbox that needs one record does not load nbgrader.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "AutograderError": "errors",
    "Execution": "results",
    "Job": "results",
    "Limits": "results",
    "Sandbox": "sandbox",
    "Verdict": "results",
    "grade": "batch",
}


__all__ = ["AutograderError", "Execution", "Job", "Limits", "Sandbox", "Verdict", "grade"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}; it has: {', '.join(__all__)}")
    return getattr(importlib.import_module(f"autograder.{_HOME[name]}"), name)
