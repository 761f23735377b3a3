"""Progress on a terminal: the current step, its running time, and a line for each finished step."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from autograder.cli.verbosity import LOG, Verbosity, verbosity

LOG_INTERVAL = 10.0
"""Seconds between two lines of a long step where the output is not a terminal."""

WIDTH = 100
"""Characters of a step that are shown."""


def wide_console() -> Console:
    """Return the standard output; where it is not a terminal, wide enough for a table's sentences."""
    console = Console()
    return console if console.is_terminal else Console(width=160)


class Steps:
    """A ``Progress`` for people: ``with Steps() as steps: ensure(progress=steps)``.

    On a terminal one line changes in place; elsewhere (a log) a line is printed every ten seconds. When the
    work moves on to another thing, the last line of the one before stays, with its time. ``--quiet`` and
    ``--verbose`` change that (`autograder.cli.verbosity`).
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._verbosity = verbosity()
        self._status: Status | None = None
        self._what = ""
        self._line = ""
        self._since = 0.0
        self._printed = 0.0

    def __enter__(self) -> Self:
        if self._console.is_terminal and self._verbosity is Verbosity.NORMAL:
            self._status = self._console.status("")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()
        self._finish()

    def __call__(self, what: str, line: str) -> None:
        """Show that ``line`` is happening to ``what``."""
        now = time.monotonic()
        if what != self._what:
            self._finish()
            self._what, self._since, self._printed = what, now, now
        self._line = line[:WIDTH]
        if self._verbosity is Verbosity.VERBOSE:
            LOG.info("%s: %s", what, line)
            return
        if self._status is not None:
            self._status.update(
                f"[bold]{escape(what)}[/bold] {escape(self._line)} [dim]{now - self._since:.0f} s[/dim]"
            )
        elif now - self._printed >= LOG_INTERVAL:
            self._printed = now
            self._print(f"{what}: {line}")

    def _finish(self) -> None:
        if self._what:
            self._print(f"{self._what}: {self._line} ({time.monotonic() - self._since:.1f} s)")
        self._what = ""

    def _print(self, line: str) -> None:
        if self._verbosity is not Verbosity.QUIET:
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
