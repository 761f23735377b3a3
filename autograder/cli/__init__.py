"""The command line, ``docker-course``: one module for each command or group of commands.

The modules import at their top only what the command line itself needs: a command that is not run costs nothing.
"""

from __future__ import annotations

import sys

import typer

from autograder.cli import doctor, grade, images, lessons, sandbox, setup
from autograder.errors import AutograderError

app = typer.Typer(
    help="Docker Fundamentals: set up, teach, and grade in sandboxes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command("setup")(setup.setup)
app.command("doctor")(doctor.doctor)
app.command("demo")(grade.demo)
app.command("grade")(grade.grade)
app.add_typer(images.app, name="images")
app.add_typer(lessons.app, name="lessons")
app.add_typer(sandbox.app, name="sandbox")


def main() -> None:
    """Run the command line; an error meant for people ends it with its text and status 2."""
    try:
        app()
    except AutograderError as error:
        typer.secho(str(error), fg="red", err=True)
        sys.exit(2)
