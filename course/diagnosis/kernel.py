"""The Jupyter kernel of the course."""

from __future__ import annotations

import sys
import tempfile
from typing import Final

from course import repairs
from course.diagnosis.finding import Diagnosis, failed, ok
from course.programs import say

NAME: Final = "docker-course"
TIMEOUT: Final = 30.0
"""How long that Python may take to import the course: the first time it compiles it."""
_ANY_PYTHON: Final = {"python", "python3", f"python{sys.version_info.major}.{sys.version_info.minor}"}
"""Names for which Jupyter takes the Python that it runs with itself."""


def kernelspec(about: str) -> Diagnosis:
    """Look whether the kernelspec is installed, and whether its Python has the course."""
    from jupyter_client.kernelspec import (
        KernelSpecManager,
        NoSuchKernel,
    )  # costs time, and only the doctor needs it

    try:
        spec = KernelSpecManager().get_kernel_spec(NAME)
    except NoSuchKernel:
        return failed(about, f"The kernel {NAME} is not installed.", repairs.install_course())
    program = spec.argv[0] if spec.argv else ""
    python = sys.executable if program in _ANY_PYTHON else program
    # Not from this directory: a clone of the project would lend the course to any Python.
    with tempfile.TemporaryDirectory() as elsewhere:
        script = f"import os; os.chdir({elsewhere!r}); import sys; sys.path[0] = ''; import course, ipykernel"
        said = say(python, "-c", script, seconds=TIMEOUT)
    if not said.succeeded:
        return failed(
            about,
            f"The kernel {NAME} in {spec.resource_dir} starts {python}, which does not have the course: "
            f"{said.lines[-1]}",
            repairs.install_course()
            + f"\nIf that kernel is from an older installation:  jupyter kernelspec remove {NAME}",
        )
    return ok(about, f"{NAME} starts {python}")
