"""The shell cell: ``%%bash``, which behaves as a terminal does.

The course's kernel loads this extension when it starts; in another kernel, a notebook's first cell does. IPython has a
``%%bash`` of its own, which gives the cell to bash as its input (so that ``docker run -i`` swallows the rest of the
cell), waits for what runs in the background, and says nothing about a command that fails in the middle.
"""

from __future__ import annotations

import sys
from typing import Any

_OPTIONS_OF_IPYTHON = ("--out", "--err", "--bg", "--proc", "--no-raise-error", "--raise-error")


def load_ipython_extension(ipython: Any) -> None:
    """Register the course's ``%%bash``; IPython calls this."""
    own = ipython.find_cell_magic("bash")
    if getattr(own, "__module__", "") == __name__:
        return

    def bash(line: str, cell: str) -> None:
        """Run the cell as a bash script: ``%%bash``. Words after it are options for bash, such as ``-x``."""
        from course.shell import cell as shell_cell

        options = line.split()
        if own and any(option.partition("=")[0] in _OPTIONS_OF_IPYTHON for option in options):
            own(line, cell)  # what catches the output in a variable is IPython's, and stays so
        else:
            shell_cell.run(cell, options, ipython.user_ns, sys.stdout)

    ipython.register_magic_function(bash, "cell", "bash")
