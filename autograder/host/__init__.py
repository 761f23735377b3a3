"""The machine that grades: its Docker Engine, found, or installed and started.

    connect()         a client of the Engine that the environment names (DOCKER_HOST, context, or the usual socket)
    ensure_engine()   the same, but installs and starts an Engine where none answers and that can be done
"""

from autograder.host.client import Progress, connect, silent
from autograder.host.setup import ensure_engine

__all__ = ["Progress", "connect", "ensure_engine", "silent"]
