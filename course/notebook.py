"""Which notebook this kernel belongs to, where it works, and whether a person works in it."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any, Final

import psutil

_START: Final = Path.cwd()
_IN_SANDBOX: Final = Path("/home/student/work")
_SESSION = "JPY_SESSION_NAME"
"""Jupyter's server starts each notebook's kernel with the notebook's path in this variable."""
_VS_CODE = "__vsc_ipynb_file__"
"""Visual Studio Code keeps the path in this variable of the kernel's."""


def path() -> Path | None:
    """Return the path of the notebook that somebody works in; ``None`` if nothing says it."""
    if not is_kernel() or not attended():
        return None
    told = _shell().user_ns.get(_VS_CODE) or os.environ.get(_SESSION)
    return Path(told).absolute() if isinstance(told, str) and told.endswith(".ipynb") else None


def directory() -> Path:
    """Return the notebook's directory, wherever ``%cd`` has led since."""
    if os.environ.get("DOCKER_COURSE_SANDBOX") == "1":
        return _IN_SANDBOX
    notebook = path()
    return notebook.parent if notebook else _START


def is_kernel() -> bool:
    """Tell whether this process is a notebook's kernel, or a console's."""
    return getattr(_shell(), "kernel", None) is not None


def attended() -> bool:
    """Tell whether somebody works in this kernel; false only if a program runs the notebook.

    Programs (papermill, nbconvert, nbgrader and its Validate button) tell the kernel that nobody can be asked for
    input. In doubt it is a person.
    """
    return not is_kernel() or _can_be_asked() or _has_session()


@cache
def _can_be_asked() -> bool:
    return bool(getattr(_shell().kernel, "_allow_stdin", True))


@cache
def _has_session() -> bool:
    """Whether Jupyter's server started this kernel for a notebook that is open.

    A program that was started in a cell hands the variable of that cell's notebook on to the kernels that it starts.
    """
    session = os.environ.get(_SESSION)
    if not session:
        return False
    try:
        return psutil.Process(os.getppid()).environ().get(_SESSION) != session
    except (psutil.Error, OSError):
        return True


def _shell() -> Any:
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()
