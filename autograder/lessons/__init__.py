"""Lessons and the notebooks built from them.

`exercises` knows the exercises of all lessons and their numbers, `notebooks` builds the notebooks from the text.
"""

from autograder.lessons.exercises import CLOSING, Exercise, find, parts
from autograder.lessons.notebooks import (
    KERNELSPEC,
    STUB,
    Lesson,
    build,
    check,
    parse,
    read,
    release,
    solution,
    unsolved,
)

__all__ = [
    "CLOSING",
    "KERNELSPEC",
    "STUB",
    "Exercise",
    "Lesson",
    "build",
    "check",
    "find",
    "parse",
    "parts",
    "read",
    "release",
    "solution",
    "unsolved",
]
