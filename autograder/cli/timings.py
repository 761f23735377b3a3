"""The table of ``docker-course grade --timings``: where the time of each submission goes."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.cli.progress import wide_console
from autograder.gradebook.records import Record
from autograder.gradebook.students import printable
from autograder.results import Timings

STAGES = tuple(Timings.model_fields)


def show(records: Sequence[Record], whole: float, console: Console | None = None) -> None:
    """Print a line of seconds for each submission, their median, and what the whole command took."""
    table = Table("Student", title="Seconds in each stage", caption=f"The whole batch took {whole:.1f} s.")
    for stage in STAGES:
        table.add_column(stage.capitalize(), justify="right")
    for record in records:
        table.add_row(escape(printable(record.student)), *_cells([record]))
    if len(records) > 1:
        table.add_section()
        table.add_row("median", *_cells(records))
    (console or wide_console()).print(table)


def _cells(records: Sequence[Record]) -> list[str]:
    return [f"{median(getattr(record.timings, stage) for record in records):.2f}" for stage in STAGES]
