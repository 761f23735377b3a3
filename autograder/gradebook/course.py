"""A course on disk: its directory, nbgrader settings, parts and students.

nbgrader takes a second to import, and is imported where it is needed: a wrong part is refused before that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import BadInput
from autograder.gradebook.students import Folder, by_student, normalized, printable
from autograder.lessons import CLOSING

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

CONFIG = "nbgrader_config.py"

SHOWN = 20
"""Students named in a message that lists the known ones."""


@dataclass(frozen=True)
class Course:
    """A course directory: ``nbgrader_config.py``, ``source/``, ``submitted/`` and what grading makes of them."""

    root: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", self.root.resolve())
        if not (self.root / CONFIG).is_file():
            raise BadInput(
                f"{self.root} is not a course directory: it has no {CONFIG}. Run this from the course's root."
            )

    @cached_property
    def config(self) -> Config:
        """nbgrader's configuration of this course."""
        from traitlets.config.loader import PyFileConfigLoader

        return PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()

    def directory(self, **changes: str) -> CourseDirectory:
        """Return nbgrader's idea of this directory, with some of its settings changed."""
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(config=self.config, root=str(self.root), **changes)

    def gradebook(self) -> Gradebook:
        """Open the gradebook; it is made if there is none."""
        from nbgrader.api import Gradebook

        directory = self.directory()
        return Gradebook(directory.db_url, directory.course_id)

    def parts(self) -> list[str]:
        """Names of the parts that have a source notebook; the closing page, which has no marks, is none."""
        return sorted(
            path.stem
            for path in self.root.glob("source/*/*.ipynb")
            if path.stem == path.parent.name and path.stem != CLOSING
        )

    def source(self, part: str) -> Path:
        """Path of a part's source notebook.

        Raises:
            BadInput: for an unknown part; the message lists the known ones.
        """
        if part not in self.parts():
            known = ", ".join(self.parts()) or "none: build the lessons first"
            raise BadInput(f"There is no part {part!r} in {self.root / 'source'}. Known parts: {known}.")
        return self.root / "source" / part / f"{part}.ipynb"

    def submission(self, student: str, part: str) -> Path:
        """Where a student's notebook of a part is expected."""
        folder = self.folders[student].name if student in self.folders else student
        return self.root / "submitted" / folder / part / f"{part}.ipynb"

    @cached_property
    def folders(self) -> dict[str, Folder]:
        """The folders below ``submitted/`` by student, as they are when this is first used.

        Those that programs make (``.ipynb_checkpoints``, ``__MACOSX``) are no student's; a hidden one with a part is.
        """
        submitted = self.root / "submitted"
        if not submitted.is_dir():
            return {}
        parts = self.parts()
        return by_student(
            path.name
            for path in submitted.iterdir()
            if path.is_dir()
            and path.name != "__MACOSX"
            and (not path.name.startswith(".") or any((path / part).is_dir() for part in parts))
        )


def find_students(course: Course, part: str, wanted: Iterable[str] | None = None) -> list[str]:
    """Return the students to grade: those named, or all below ``submitted/``.

    Raises:
        BadInput: if one is unknown (the known ones are listed), or nobody handed anything in.
    """
    known = sorted(course.folders)
    if not known:
        raise BadInput(
            f"There are no submissions in {course.root / 'submitted'}; "
            f"expected submitted/<student>/{part}/{part}.ipynb there."
        )
    if wanted is None:
        return known
    spelt = {folder.name: student for student, folder in course.folders.items()}
    chosen = list(dict.fromkeys(spelt.get(name, normalized(name)) for name in wanted))
    unknown = [name for name in chosen if name not in course.folders]
    if unknown:
        listed = ", ".join(map(printable, known[:SHOWN])) + (" …" if len(known) > SHOWN else "")
        raise BadInput(f"No submission of {', '.join(map(printable, unknown))}. Known students: {listed}.")
    return chosen
