"""Grade all submissions of a part: check the files, execute in parallel, record beside that, one by one.

Names are loaded when they are first used: the process that records starts before this one loads what reads notebooks.
"""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["SubmissionState", "grade"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'autograder.batch' has no attribute {name!r}; it has: {', '.join(__all__)}")
    return getattr(importlib.import_module("autograder.batch.batch"), name)
