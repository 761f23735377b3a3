"""The autograder of Docker Fundamentals: grade each submission in its own Docker Engine.

    grade       the submissions of a part, from the files to the gradebook
    Sandbox     a throw-away Docker Engine, as a context manager
    Execution, Job, Limits, Verdict     what goes into a sandbox and what comes out
    papermill_engine                    what ``papermill --engine docker-course`` runs a notebook with
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


__all__ = ["AutograderError", "Execution", "Job", "Limits", "Sandbox", "Verdict", "grade", "papermill_engine"]


class _PapermillEngine:
    """Stands for the engine of this place: outside, one that starts a sandbox; inside a sandbox, the two kernels.

    papermill loads the engine while it is being imported itself, so nothing is looked up before it is used.
    """

    def __getattr__(self, name: str) -> Any:
        from autograder.runner.roles import in_sandbox

        place = "runner.papermill:TwoKernelEngine" if in_sandbox() else "gradebook.papermill:SandboxEngine"
        module, _, engine = place.partition(":")
        return getattr(getattr(importlib.import_module(f"autograder.{module}"), engine), name)


papermill_engine = _PapermillEngine()


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}; it has: {', '.join(__all__)}")
    return getattr(importlib.import_module(f"autograder.{_HOME[name]}"), name)
