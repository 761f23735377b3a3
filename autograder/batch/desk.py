"""What the process that records does when it is asked; it is the only one that needs nbgrader."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from autograder.batch.prepare import Prepared
from autograder.batch.recorder import Recorder
from autograder.gradebook import bounded
from autograder.gradebook.course import Course
from autograder.gradebook.export import grade_rows, write_csv
from autograder.gradebook.records import Record
from autograder.gradebook.register import register
from autograder.gradebook.source import Source, load_source
from autograder.results import Execution

TABLE = "grades.csv"
"""The table of marks, in the course's root: what ``nbgrader export`` writes."""


class Desk:
    """What can be asked for: one part of one course at a time."""

    def __init__(self) -> None:
        self._opened = ExitStack()

    def open(self, root: Path, part: str) -> Source:
        """Begin with a part; return its source."""
        self.close()
        self._course, self._part = Course(root), part
        return load_source(self._course.source(part))

    def register(self) -> None:
        """Write the part's cells and points into the gradebook."""
        register(self._course, self._part)
        self._recorder = self._opened.enter_context(Recorder(self._course))
        bounded.start((bounded.RENDERING,))

    def students(self) -> list[str]:
        """Return the names of all students in the gradebook."""
        with self._course.gradebook() as gradebook:
            return [str(student.id) for student in gradebook.students]

    def write(self, prepared: Prepared, execution: Execution) -> Record:
        """Record a submission."""
        return self._recorder.write(prepared, execution)

    def export(self) -> None:
        """Write the table of marks of all parts."""
        with self._course.gradebook() as gradebook:
            write_csv(self._course.root / TABLE, grade_rows(gradebook, self._course.root))

    def close(self) -> None:
        """Put away what was open."""
        self._opened.close()
