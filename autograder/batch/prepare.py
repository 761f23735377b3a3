"""Prepare a submission: build the notebook to execute."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.gradebook.course import Course
from autograder.gradebook.execution import not_run
from autograder.gradebook.notebook import OURS, digest_of, prepare
from autograder.gradebook.records import Record
from autograder.gradebook.source import Source
from autograder.gradebook.submission import printable

NAME = re.compile(r"[\w@.+ -]{1,128}")
"""A student's name as nbgrader's gradebook, its paths and its pages can hold it."""


@dataclass(frozen=True)
class Prepared:
    """A submission that is ready: the trusted notebook, or the record of one that nbgrader never sees."""

    student: str
    part: str
    notebook: NotebookNode
    digest: str = ""
    refused: Record | None = None
    began: float = field(default_factory=time.monotonic)
    """When its reading began; the clock is the machine's, the same in all processes (clock_gettime(2))."""
    seconds: float = 0.0
    """How long reading and rebuilding it took."""

    @property
    def unreadable(self) -> str:
        """Why there is nothing to execute; "" if there is."""
        return str(self.notebook.metadata[OURS]["unreadable"])


def prepare_one(course: Course, part: str, source: Source, student: str) -> Prepared:
    """Read and rebuild a submission; what is wrong with it becomes its verdict."""
    began = time.monotonic()
    notebook = prepare(source, course.submission(student, part))
    refused = None
    if not NAME.fullmatch(student) or student.strip(" .") != student:
        reason = (
            f"The directory submitted/{printable(student)} has a name that cannot be a student's in the "
            "gradebook: letters, digits and @ . _ + - are possible. Rename the directory and grade again."
        )
        refused = Record.of(not_run(reason, source.points), printable(student), part, {})
    elif not course.submission(student, part).parent.exists():
        reason = f"Nothing was handed in: there is no directory submitted/{student}/{part}."
        refused = Record.of(not_run(reason, source.points), student, part, {})
    digest = digest_of(notebook)
    return Prepared(student, part, notebook, digest, refused, began, time.monotonic() - began)
