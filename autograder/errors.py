"""The exception hierarchy of the autograder.

AutograderError
├── BadInput        what a person gave cannot be used: says what, what was expected, what to do
├── EngineMissing   no Docker Engine answers on this machine
├── SandboxError    a sandbox could not be made, or stopped answering
│   └── TimeLimit   the wall-clock limit of a sandbox ran out
└── GraderBroke     the grader's own part failed: no mark may be recorded
"""

from __future__ import annotations


class AutograderError(Exception):
    """Base of every error that this package raises on purpose; its text is meant for people."""


class BadInput(AutograderError):
    """Something a person gave cannot be used.

    The message names the thing, says what was expected, and what to do.
    """


class EngineMissing(AutograderError):
    """No Docker Engine answers; the message holds the exact steps for this system."""


class SandboxError(AutograderError):
    """A sandbox could not be started or stopped answering; the message ends with its last log lines."""


class SandboxEnded(SandboxError):
    """A sandbox ended by itself while a command ran in it, which used up its memory or brought its Engine down."""


class TimeLimit(SandboxError):
    """The wall-clock limit of a sandbox ran out; whatever ran inside is gone."""


class GraderBroke(AutograderError):
    """The grader's own part failed, so there is no verdict on the submission."""
