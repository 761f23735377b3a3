"""The grading machine: find its Docker Engine, or install and start one.

``connect`` gives a client of the Engine that the environment names, or of the usual one; ``ensure_engine``
does the same, but where none answers it installs and starts one, if that can be done here.
"""

from autograder.host.client import Progress, connect, silent
from autograder.host.setup import ensure_engine

__all__ = ["Progress", "connect", "ensure_engine", "silent"]
