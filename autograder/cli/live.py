"""The live table of a batch: the state and the result of each submission."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from autograder.batch import SubmissionState
from autograder.cli.progress import wide_console
from autograder.cli.verbosity import LOG, Verbosity, verbosity
from autograder.gradebook.records import Record
from autograder.gradebook.students import printable
from autograder.results import Verdict

COLOURS = {
    Verdict.GRADED: "green",
    Verdict.SUBMISSION_BROKE: "yellow",
    Verdict.GRADER_BROKE: "red",
    Verdict.NOT_HANDED_IN: "cyan",
    Verdict.NOT_GRADED: "red",
}


class LiveTable:
    """Shows the changes that ``grade`` tells: ``with LiveTable("…") as table: grade(…, watch=table)``.

    On a terminal the table changes in place; elsewhere (a log) a line is printed for each finished
    submission, and the whole table at the end. ``--quiet`` shows the table at the end only, and ``--verbose`` a
    line for each change, too.
    """

    def __init__(self, title: str, console: Console | None = None) -> None:
        self._title = title
        self._console = console or wide_console()
        self._verbosity = verbosity()
        self._in_place = self._console.is_terminal and self._verbosity is Verbosity.NORMAL
        self._rows: dict[str, tuple[SubmissionState, Record | None]] = {}
        self._started: dict[str, float] = {}
        self._live = Live(console=self._console, get_renderable=self._table, refresh_per_second=4)

    def __enter__(self) -> Self:
        if self._in_place:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._in_place:
            self._live.stop()
        elif self._rows and error is None:
            self._console.print(self._table())

    def __call__(self, student: str, state: SubmissionState, record: Record | None) -> None:
        """Take a change."""
        if state is SubmissionState.RUNNING:
            self._started[student] = time.monotonic()
        self._rows[student] = (state, record)
        if self._verbosity is Verbosity.VERBOSE:
            took = f" ({record.seconds:.1f} s)" if record else ""
            LOG.info("%s: %s%s", printable(student), _finished(record) if record else state, took)
        elif record and self._verbosity is Verbosity.NORMAL and not self._in_place:
            self._console.print(f"{printable(student)}: {_finished(record)}", markup=False, highlight=False)

    def _table(self) -> RenderableType:
        table = Table("Student", "State", "Verdict", title=self._title)
        table.add_column("Points", justify="right")
        table.add_column("Time", justify="right")
        table.add_column("Reason", overflow="fold")
        for student, (state, record) in sorted(self._rows.items()):
            table.add_row(escape(printable(student)), state, *self._cells(student, state, record))
        return table

    def _cells(self, student: str, state: SubmissionState, record: Record | None) -> tuple[str, str, str, str]:
        if record is None:
            since = self._started.get(student) if state is SubmissionState.RUNNING else None
            return "", "", f"{time.monotonic() - since:.0f} s" if since else "", ""
        colour = COLOURS[record.verdict]
        most = sum(cell.max_points for cell in record.cells)
        points = "none" if record.score is None else f"{record.score:g} / {most:g}"
        return (
            f"[{colour}]{record.verdict}[/{colour}]",
            points,
            f"{record.seconds:.0f} s",
            escape(printable(record.reason)),
        )


def _finished(record: Record) -> str:
    mark = "no mark" if record.score is None else f"{record.score:g} points"
    return f"{record.verdict}, {mark}"
