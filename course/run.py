"""The run: one random word that ties names and answers to one notebook of this student's.

The grader gives the word in ``DOCKER_COURSE_RUN``. Elsewhere each notebook has its own: it is made once and kept, so
that a restarted kernel and the next day go on with the same objects, until `reset` ends the run. Where a program runs
the notebook, the run is the kernel's alone and ends with it.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Final

from course import notebook, passing, runs
from course.errors import CourseError
from course.runs import Run

LABEL: Final = "docker-course.run"
"""Label on every object that the course itself makes; its value is the run's token."""

_LOADED: Final = time.time()
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def current() -> Run:
    """Return this notebook's run; the first call makes it. Raises `CourseError` if the grader's word is not one."""
    given = os.environ.get("DOCKER_COURSE_RUN", "")
    if given:
        if not runs.TOKEN.fullmatch(given):
            raise CourseError("DOCKER_COURSE_RUN must be 6 to 16 lower-case letters and digits.")
        return Run(given, str(notebook.directory()), _LOADED)
    if not notebook.attended():
        return passing.run(notebook.directory())
    return _of_the_terminal() or runs.make(place())


def place() -> Path:
    """Return what the run belongs to: the notebook, or the directory where there is none."""
    return notebook.path() or notebook.directory()


def token() -> str:
    """Return the run's token: 6 to 16 lower-case letters and digits."""
    return current().token


def seed() -> str:
    """Return what set-ups derive from what a student has to find out (`course.setups.planting`).

    In grading it is a secret of the examiner's. Elsewhere it is the token: there, a student who wants to cheat can.

    Raises:
        CourseError: in a student's kernel in grading.
    """
    place = os.environ.get("DOCKER_COURSE_SEED")
    if place:
        return Path(place).read_text(encoding="utf-8")
    if "DOCKER_COURSE_PLANTED" in os.environ:
        raise CourseError("What a set-up hides has to be found out; it cannot be worked out here.")
    return token()


def began() -> float:
    """Return when the run began, in seconds since 1970: nothing of this run is older."""
    return current().began


def forget() -> None:
    """End the run: the next `token` is a new one, unless the grader gave it."""
    if notebook.attended():
        runs.end(place())
    else:
        passing.forget()


def name(what: str) -> str:
    """Return the name for one of this run's objects, such as ``web-k3f9x2mq`` for ``"web"``.

    It is good for containers, images, networks and volumes; `reset` finds the object by it. In a shell it is
    ``web-$RUN``.
    """
    if not _NAME.fullmatch(what):
        raise CourseError(f"A name is made of small letters, digits and single hyphens; {what!r} is not.")
    return f"{what}-{token()}"


def labels() -> dict[str, str]:
    """Return the label that marks an object as this run's, ready for docker-py's ``labels=``."""
    return {LABEL: token()}


def _of_the_terminal() -> Run | None:
    """Return the run that a terminal's ``RUN`` names, for programs that are started there."""
    given = "" if notebook.is_kernel() else os.environ.get("RUN", "")
    return next((known for known in runs.known() if known.token == given), None) if given else None
