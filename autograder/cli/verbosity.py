"""Verbosity of the command line: ``--quiet``, ``--verbose``, or neither.

Results go to the standard output and errors to the standard error stream, whichever is chosen. Between them there is

quiet     nothing
normal    progress: one line or table that changes on a terminal, now and then a line in a log
verbose   a line with the time of day for each thing that is done; nothing changes in place

The lines of ``verbose`` are the ``INFO`` records of the logger ``autograder`` and those below it.
"""

from __future__ import annotations

import logging
from enum import Enum

LOG = logging.getLogger("autograder")


class Verbosity(Enum):
    """What is said between the results and the errors."""

    QUIET = "quiet"
    NORMAL = "normal"
    VERBOSE = "verbose"


_chosen = Verbosity.NORMAL


def verbosity() -> Verbosity:
    """Return what was chosen for the command that runs."""
    return _chosen


def choose(chosen: Verbosity) -> None:
    """Set the verbosity; the logger's records are shown if, and only if, it is ``VERBOSE``."""
    global _chosen
    _chosen = chosen
    for handler in [handler for handler in LOG.handlers if isinstance(handler, _Lines)]:
        LOG.removeHandler(handler)
    LOG.setLevel(logging.INFO if chosen is Verbosity.VERBOSE else logging.NOTSET)
    if chosen is Verbosity.VERBOSE:
        LOG.addHandler(_Lines())


class _Lines(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes a line with the time of day for each record to the standard error stream."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(message)s", "%H:%M:%S"))
