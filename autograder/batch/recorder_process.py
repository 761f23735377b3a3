"""The other side of ``autograder.batch.recording``: serve its requests one after the other until it is gone.

Its standard input is a socket. A request is the name of a method of `Desk` and its arguments.
"""

from __future__ import annotations

import os
from contextlib import closing
from multiprocessing.connection import Connection

from autograder.errors import AutograderError, GraderBroke
from autograder.fast_imports import skip_iri_parser


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
            except AutograderError as error:
                answer = False, type(error)(str(error))
            except Exception as error:
                answer = False, GraderBroke(f"{type(error).__name__}: {error}")
            connection.send(answer)


if __name__ == "__main__":
    main()
