"""``docker-course shell``: a terminal that works with a notebook's run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from course.runs import Run

NotebookArgument = Annotated[
    str, typer.Argument(metavar="NOTEBOOK", help="A part, such as part2, or the path of a notebook.")
]


def shell(notebook: NotebookArgument) -> None:
    """Start a shell in which $RUN is the word of a notebook's run, so that web-$RUN is the notebook's name("web")."""
    run = _run_of(notebook)
    program = os.environ.get("SHELL") or "/bin/sh"
    place = Path(run.notebook)
    typer.echo(f"RUN is {run.token}, as in {place}. To leave this shell, type exit.")
    directory = place if place.is_dir() else place.parent
    raise typer.Exit(
        subprocess.run([program], env={**os.environ, "RUN": run.token}, cwd=directory, check=False).returncode
    )


def _run_of(wanted: str) -> Run:
    """Return the run of a notebook that is named by its path, or by its name without the suffix."""
    from autograder.errors import BadInput
    from course import runs

    path = Path(wanted).absolute()
    if path.suffix == ".ipynb" and path.is_file():
        return runs.make(path)
    found = [run for run in runs.known() if Path(run.notebook).stem == wanted and Path(run.notebook).is_file()]
    if len(found) == 1:
        return found[0]
    if found:
        paths = "\n".join(f"  docker-course shell {run.notebook}" for run in found)
        raise BadInput(f"There are several notebooks called {wanted}. Choose one:\n{paths}")
    here = Path("release", wanted, f"{wanted}.ipynb").absolute()
    if here.is_file():
        return runs.make(here)
    raise BadInput(
        f"No notebook {wanted!r} has been opened yet. Run its first cell, or give the notebook's path: "
        "docker-course shell PATH/NAME.ipynb"
    )
