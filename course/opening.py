"""A notebook's first cell: whose run this is, how a terminal joins it, and what is there from before."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from course import cleanup, run, runs, shell
from course.engine import connect
from course.errors import CourseError
from course.runs import Run
from course.show import Shown


def begin(token: str | None = None) -> Shown:
    """Begin or go on with this notebook's run, and say what belongs to it. Nothing is removed.

    Args:
        token: the run of another notebook, which this one goes on with: after it was moved or copied.

    Raises:
        CourseError: no notebook of this user has such a run.
    """
    if token is not None:
        _take_over(token)
    place = run.place()
    others = [] if runs.find(place) else _candidates(place)
    here = run.current()
    _have_shell_cells()
    os.environ["RUN"] = here.token  # for lines that begin with !, and programs that the notebook starts
    lines = [f"The word of this notebook's run is {here.token}. For a terminal: export RUN={here.token}"]
    if there := cleanup.in_words(cleanup.count(connect(), here.token)):
        lines.append(f"It goes on with what is there: {there}. Before you run all cells again, run reset().")
    lines += [_question(other) for other in others]
    return Shown("\n".join(lines), "".join(f"<p>{escape(line)}</p>" for line in lines))


def _have_shell_cells() -> None:
    """Register ``%%bash``, which the course's kernel has from its start, in any other one."""
    try:
        from IPython import get_ipython
    except ImportError:
        return
    if ipython := get_ipython():
        shell.load_ipython_extension(ipython)


def _take_over(token: str) -> None:
    """Make another notebook's run this one's; a notebook that is gone has it no longer."""
    other = next((known for known in runs.known() if known.token == token), None)
    if other is None:
        words = ", ".join(f"{known.token} ({known.notebook})" for known in runs.known()) or "none"
        raise CourseError(f"There is no run {token!r}. Your notebooks have: {words}.")
    place = run.place()
    if Path(other.notebook) != place:
        runs.keep(Run(other.token, str(place), other.began))
        if not Path(other.notebook).exists():
            runs.end(Path(other.notebook))


def _candidates(place: Path) -> list[Run]:
    """Return the runs of notebooks that this one may be, moved, renamed or copied.

    They have the same name, or were in the same directory and are there no longer.
    """
    lesson = Run("", str(place), 0).lesson
    return [] if place.is_dir() else [known for known in runs.known() if known.lesson == lesson or _gone(known, place)]


def _gone(known: Run, place: Path) -> bool:
    notebook = Path(known.notebook)
    return notebook.parent == place.parent and not notebook.exists()


def _question(other: Run) -> str:
    happened = "copied from" if Path(other.notebook).exists() else "moved from"
    return (
        f"Was this notebook {happened} {other.notebook}? That one has the run {other.token}. "
        f'To go on with it here, run begin("{other.token}"); otherwise just go on.'
    )
