"""Answers of a student as a check needs them: whole numbers, text, digests, dictionaries."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from course.answers import answer
from course.errors import NoAnswer

_DIGEST = re.compile(r"(?:.*@)?(?:sha256:)?([0-9a-f]{64})")


def whole_number(name: str) -> int:
    """Return the student's variable as a whole number; raises `NoAnswer` if it is something else."""
    value = answer(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise NoAnswer(f"{name} is {str(value)[:60]!r}; a whole number was expected.")
    return value


def text(name: str) -> str:
    """Return the student's variable as text without spaces around it; raises `NoAnswer` if it is something else."""
    value = answer(name)
    if not isinstance(value, str):
        raise NoAnswer(f"{name} is {str(value)[:60]!r}; text was expected.")
    return value.strip()


def digest(name: str) -> str:
    """Return the 64 hexadecimal digits in the student's variable: a digest, an ID, or a name by digest.

    Raises `NoAnswer` if there are none.
    """
    value = answer(name)
    match = _DIGEST.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise NoAnswer(f"{name} is {str(value)[:80]!r}; a digest such as sha256:3f5a… (64 hex digits) was expected.")
    return match[1]


def dictionary(name: str) -> dict[str, Any]:
    """Return the student's variable as a dictionary; raises `NoAnswer` if it is something else."""
    value = answer(name)
    if not isinstance(value, dict):
        raise NoAnswer(f"{name} is {str(value)[:60]!r}; a dictionary was expected.")
    return value


def read_now(name: str, read: Callable[[str], Any] = answer) -> Callable[[], Any]:
    """Read the student's variable at once, and return a function that gives it, or raises the `NoAnswer` that it met.

    Reading may run code of the student's, so a check does it before it makes anything of its own.
    """
    try:
        value = read(name)
    except NoAnswer as error:
        reason = error

        def missing() -> Any:
            raise reason

        return missing
    return lambda: value
