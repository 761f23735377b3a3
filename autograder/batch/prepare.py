"""Prepare a submission: build the notebook to execute."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.gradebook.course import Course
from autograder.gradebook.notebook import OURS, digest_of, prepare, without_answers
from autograder.gradebook.records import Record
from autograder.gradebook.source import Source
from autograder.gradebook.students import Folder, printable, problem_of
from autograder.gradebook.submission import missing
from autograder.results import Execution, Verdict


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
    if refused := _refuse(course, part, student):
        return Prepared(student, part, without_answers(source, refused.reason), refused=refused, began=began)
    notebook = prepare(source, course.submission(student, part))
    return Prepared(student, part, notebook, digest_of(notebook), None, began, time.monotonic() - began)


def _refuse(course: Course, part: str, student: str) -> Record | None:
    """Return the record of a student who has no mark; None if there is a notebook to read."""
    folder = course.folders.get(student) or Folder(student, problem_of(student))
    if folder.problem:
        execution = Execution(verdict=Verdict.NOT_GRADED, reason=folder.problem)
    elif not os.path.lexists(path := course.submission(student, part)):
        execution = Execution(verdict=Verdict.NOT_HANDED_IN, reason=missing(path))
    else:
        return None
    return Record.of(execution, printable(student), part, {})
