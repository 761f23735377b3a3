"""The other side of ``autograder.batch.recording``: serve its requests one after the other until it is gone.

Its standard input is a socket. A request is the name of a method of `Desk` and its arguments.
"""

from __future__ import annotations

import os
from contextlib import closing
from multiprocessing.connection import Connection

from autograder.errors import AutograderError, GraderBroke
from autograder.fast_imports import skip_iri_parser

_DISK_FULL = ("database or disk is full", "No space left on device")
"""What SQLite says, and what Linux says."""


def main() -> None:
    """Serve until the other end is closed."""
    skip_iri_parser()
    from autograder.batch.desk import Desk

    connection = Connection(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what nbgrader starts must not hold the socket
    with closing(Desk()) as desk:
        while True:
            try:
                name, arguments = connection.recv()
            except (EOFError, OSError):
                return
            try:
                answer = True, getattr(desk, name)(*arguments)
            except Exception as error:
                answer = False, told(error)
            connection.send(answer)


def told(error: Exception) -> AutograderError:
    """Return an error as it is told to the other side, which knows none of nbgrader's."""
    text = str(error)
    if any(words in text for words in _DISK_FULL):  # nbgrader puts a traceback and SQL around it
        return GraderBroke("The disk that holds the course's root is full. Make room, and grade again with --resume.")
    return type(error)(text) if isinstance(error, AutograderError) else GraderBroke(f"{type(error).__name__}: {text}")


if __name__ == "__main__":
    main()
