"""Errors of the course, one tree. Their text is meant for students.

CourseError
├── ComposeFailed       the docker command has no Compose, or Compose cannot read a file
├── EngineUnreachable   no Docker Engine answers: the text holds the steps to take
├── NoAnswer            a variable that a check asks for is missing, or is not plain data
└── NoPrediction        a measuring cell was run before the prediction was made
"""

from __future__ import annotations


class CourseError(Exception):
    """Base of every error that the course raises on purpose.

    In a notebook only the sentence is shown: a traceback through our files would teach nothing.
    """

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this method before it formats a traceback of its own.
        return str(self).splitlines()


class ComposeFailed(CourseError):
    """There is no Compose, or it cannot read the file; the text says which."""


class EngineUnreachable(CourseError):
    """No Docker Engine answers."""


class NoAnswer(CourseError):
    """A student's variable is missing or cannot be used; the text says which and why."""


class NoPrediction(CourseError):
    """The prediction has to come first."""
