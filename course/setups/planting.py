"""Set-ups that hide something: in grading the examiner plants it, with a seed that the student does not have.

A set-up may hide what the student has to find out: an exit code, the number of files in an image. It is derived from
`course.run.seed`, and planted by a function that is marked `planted`:

    @planted
    def leave_job(client: DockerClient) -> Shown:
        ...

On a student's own Engine such a function plants. In grading the examiner calls it, before the student's kernel runs the
set-up's cell, and puts what it returns into a file that the student can only read; there the function returns that. So
it may touch nothing but the Engine, and returns plain data or `Shown`.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from course.engine import connect
from course.errors import CourseError
from course.show import Shown

P = ParamSpec("P")
T = TypeVar("T")
PLANTED: Final = "DOCKER_COURSE_PLANTED"
"""Environment variable of the graded student's kernel: the file with what planted set-ups return."""


def planted(function: Callable[P, T]) -> Callable[P, T]:
    """Mark a set-up of which the student must not know what it hides; its one argument, if any, is a client."""

    @functools.wraps(function)
    def once(*args: P.args, **kwargs: P.kwargs) -> T:
        place = os.environ.get(PLANTED)
        return _returned(Path(place), _name(function)) if place else function(*args, **kwargs)

    once.planted = True  # type: ignore[attr-defined]
    return once


def plant(module: str, called: Iterable[str]) -> dict[str, Any]:
    """Call the functions of a set-up module that are marked, and return what they returned, by name, as JSON has it.

    Args:
        module: such as ``part2``.
        called: names of functions; those that are not marked are left out.
    """
    setup = importlib.import_module(f"course.setups.{module}")
    functions: list[Any] = [getattr(setup, name, None) for name in dict.fromkeys(called)]
    return {_name(each): _plain(_call(each)) for each in functions if getattr(each, "planted", False)}


def _call(function: Any) -> Any:
    return function(*([connect()] if inspect.signature(function).parameters else []))


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def _plain(value: Any) -> Any:
    return {"shown": [value.text, value.html]} if isinstance(value, Shown) else {"value": value}


def _returned(place: Path, name: str) -> Any:
    try:
        found = json.loads(place.read_text(encoding="utf-8"))[name]
    except (OSError, ValueError, LookupError):
        raise CourseError(f"{name} has not been planted yet: that happens when the cell of its set-up runs.") from None
    return Shown(*found["shown"]) if "shown" in found else found["value"]
