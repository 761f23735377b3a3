"""Lessons and the notebooks built from them.

`exercises` knows the exercises of all lessons and their numbers, `demands` what each demands, `notebooks` builds the
notebooks from the text, and `stubs` tells nbgrader what stands where a solution was.
"""

from autograder.lessons.exercises import CLOSING, Exercise, find, parts
from autograder.lessons.notebooks import (
    KERNELSPEC,
    SHELL_CELL,
    Lesson,
    build,
    check,
    gaps,
    parse,
    read,
    release,
    solution,
    unsolved,
)

__all__ = [
    "CLOSING",
    "KERNELSPEC",
    "SHELL_CELL",
    "Exercise",
    "Lesson",
    "build",
    "check",
    "find",
    "gaps",
    "parse",
    "parts",
    "read",
    "release",
    "solution",
    "unsolved",
]
