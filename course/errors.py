"""Errors of the course, one tree. Their text is meant for students.

CourseError
├── ComposeFailed       the docker command has no Compose, or Compose cannot read a file
├── EngineSilent        the Docker Engine does not answer while the record of its events is read
├── EngineUnreachable   no Docker Engine answers: the text holds the steps to take
├── NoAnswer            a variable that a check asks for is missing, or is not plain data
├── NoPrediction        a measuring cell was run before the prediction was made
├── NotKept             in grading: more happened than the record of events keeps
├── NotKnown            on a student's own Engine: the record of events has a gap where a check looks
└── RecorderSilent      in grading: the Engine answers, but the recorder of its events writes nothing
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


class EngineSilent(CourseError):
    """The Engine does not answer, so it cannot be told whether the record of its events has caught up."""


class EngineUnreachable(CourseError):
    """No Docker Engine answers."""


class NoAnswer(CourseError):
    """A student's variable is missing or cannot be used; the text says which and why."""


class NoPrediction(CourseError):
    """The prediction has to come first."""


class NotKept(CourseError):
    """More happened than the record of events keeps, so it cannot show what a criterion asks for: that fails."""


class NotKnown(CourseError):
    """The record of events has a gap, so it can tell neither that something happened nor that it did not."""


class RecorderSilent(CourseError):
    """The Engine answers, but the recorder of its events writes nothing: the course's own part is broken."""
