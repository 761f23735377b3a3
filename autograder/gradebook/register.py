"""Keep the gradebook's data about a part in sync with its source notebook."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateAssignment, NbGraderException

from autograder.errors import BadInput
from autograder.gradebook.course import Course
from autograder.gradebook.scratch import scratch_directory


def register(course: Course, part: str) -> None:
    """Write a part's cells and points into the gradebook, as ``nbgrader generate_assignment`` does.

    The student's version that comes with it goes to a scratch directory: ``release/`` is made with the
    lessons.

    Raises:
        BadInput: if there is no such part, or cells were added or removed after submissions had been graded.
    """
    course.source(part)
    with scratch_directory(course.root) as scratch:
        directory = course.directory(assignment_id=part, release_directory=str(scratch / "release"))
        converter = GenerateAssignment(coursedir=directory, config=course.config, force=True)
        converter.log = logging.getLogger("autograder.nbgrader")
        try:
            converter.start()
        except (NbGraderException, SystemExit) as error:
            raise BadInput(
                f"nbgrader cannot take {part} into the gradebook: {error}\n"
                "Where submissions have been graded, no cell may be added or removed: put the cells back, or "
                "keep gradebook.db elsewhere and grade everything again."
            ) from error


def before_autograde(assignment: str, **_: Any) -> None:
    """Register the assignment before nbgrader grades it: a fresh clone has no gradebook yet."""
    course = Course(Path.cwd())
    _register_once(course.root, assignment, course.source(assignment).stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _register_once(root: Path, part: str, changed: int) -> None:
    register(Course(root), part)
