"""Let nbgrader write the gradebook, ``autograded/`` and ``feedback/`` from finished executions.

nbgrader takes seconds to import, changes the working directory and is no more than one writer, so this runs in a
process of its own (`autograder.batch.recording`). It sees a scratch directory that holds nothing but the rebuilt
notebook, never the files that were handed in; what it makes there is moved into place when it is complete.
"""

from __future__ import annotations

import copy
import logging
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde, BaseConverter, GenerateFeedback, NbGraderException
from nbgrader.preprocessors import CheckCellMetadata
from nbgrader.utils import parse_utc

from autograder.batch.prepare import Prepared
from autograder.errors import GraderBroke
from autograder.gradebook.course import Course
from autograder.gradebook.marks import flag_grader_broke
from autograder.gradebook.notebook import explained
from autograder.gradebook.records import Record, append_record
from autograder.gradebook.scratch import scratch_directory
from autograder.results import Execution, Verdict


class Recorder:
    """Writes what became of the submissions of one course, one at a time."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._log = logging.Logger("nbgrader", logging.WARNING)
        self._said: deque[str] = deque(maxlen=20)
        self._log.addHandler(_Keep(self._said))

    def __enter__(self) -> Self:
        self._made = scratch_directory(self.course.root)
        self._scratch = self._made.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._made.__exit__(kind, error, trace)

    def write(self, prepared: Prepared, execution: Execution) -> Record:
        """Record a submission; of one on which the grader broke, that it did, and nothing else changes.

        Never raises for what goes wrong in nbgrader: this is then a submission on which the grader broke.
        """
        if prepared.refused:
            append_record(self.course.root, prepared.refused)
            return prepared.refused
        spent: dict[str, float] = {}
        if execution.verdict is not Verdict.GRADER_BROKE:
            try:
                spent = self._convert(prepared, execution)
                self._move(prepared)
            except Exception as error:
                execution = Execution(verdict=Verdict.GRADER_BROKE, reason=f"nbgrader could not record it: {error}")
        if execution.verdict is Verdict.GRADER_BROKE:
            flag_grader_broke(self._names(prepared))
        spent |= {"prepare": prepared.seconds, "whole": time.monotonic() - prepared.began}
        execution = execution.model_copy(update={"timings": execution.timings.model_copy(update=spent)})
        notes = prepared.notebook.metadata["docker_course"]["notes"]
        execution = explained(execution, prepared.notebook)
        record = Record.of(execution, prepared.student, prepared.part, notes, prepared.digest)
        append_record(self.course.root, record)
        return record

    def _names(self, prepared: Prepared) -> dict[str, str]:
        db_url = self.course.directory().db_url
        return {
            "student": prepared.student,
            "assignment": prepared.part,
            "notebook": prepared.part,
            "db_url": db_url,
        }

    def _convert(self, prepared: Prepared, execution: Execution) -> dict[str, float]:
        """Let nbgrader do its part: the submission in the gradebook, marks, late penalty, both files.

        Return the seconds that each of the two files took.
        """
        self._said.clear()
        submitted = self._scratch / "submitted" / prepared.student / prepared.part
        submitted.mkdir(parents=True)
        nbformat.write(prepared.notebook, submitted / f"{prepared.part}.ipynb")
        self._copy_timestamp(prepared, submitted)
        config = copy.deepcopy(self.course.config)
        config.Autograde.pop("pre_convert_hook", None)
        config.Autograde.exporter_class = NotebookExporter
        config.Autograde.sanitize_preprocessors = [CheckCellMetadata]
        config.SandboxExecute.execution = execution
        config.KeepRecord.enabled = False
        scratch = self._scratch.name
        directory = self.course.directory(
            assignment_id=prepared.part,
            student_id=prepared.student,
            submitted_directory=f"{scratch}/submitted",
            autograded_directory=f"{scratch}/autograded",
            feedback_directory=f"{scratch}/feedback",
        )
        spent: dict[str, float] = {}
        try:
            for stage, converter in (("record", _Autograde), ("feedback", _GenerateFeedback)):
                began = time.monotonic()
                converter(coursedir=directory, config=config, log=self._log).start()
                spent[stage] = time.monotonic() - began
        except (NbGraderException, SystemExit) as error:
            raise GraderBroke("\n".join(self._said) or str(error)) from error
        return spent

    def _copy_timestamp(self, prepared: Prepared, submitted: Path) -> None:
        """Take over when it was handed in, if that is a date: nbgrader stops at anything else."""
        path = self.course.submission(prepared.student, prepared.part).with_name("timestamp.txt")
        try:
            if path.is_symlink() or not path.is_file() or path.stat().st_size > 200:
                return
            text = path.read_text().strip()
            parse_utc(text)
        except (OSError, ValueError, OverflowError, TypeError):
            return
        (submitted / "timestamp.txt").write_text(text)

    def _move(self, prepared: Prepared) -> None:
        """Replace earlier results by both."""
        for step in ("autograded", "feedback"):
            made = self._scratch / step / prepared.student / prepared.part
            place = self.course.root / step / prepared.student / prepared.part
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.exists():
                earlier = self._scratch / f"earlier-{step}" / prepared.student
                earlier.parent.mkdir(exist_ok=True)
                place.rename(earlier)
            made.rename(place)


class _OneNotebook(BaseConverter):
    """Takes one notebook by its path: nbgrader looks for patterns, and a student's name may hold ``*`` or ``[``."""

    def init_notebooks(self) -> None:
        part = self.coursedir.assignment_id
        folder = self._format_source(part, self.coursedir.student_id)
        self.assignments = {folder: [f"{folder}/{part}.ipynb"]}


class _Autograde(_OneNotebook, Autograde):
    """Takes one submission into the gradebook."""


class _GenerateFeedback(_OneNotebook, GenerateFeedback):
    """Makes one page."""


class _Keep(logging.Handler):
    """Keeps the last lines of a log, to be quoted where something failed."""

    def __init__(self, lines: deque[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())
