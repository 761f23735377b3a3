"""The command line, ``docker-course``: one module for each command or group of commands.

The modules import at their top only what the command line itself needs: a command that is not run costs nothing.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from autograder.cli import doctor, grade, images, lessons, sandbox, setup, shell
from autograder.cli.verbosity import Verbosity, choose
from autograder.errors import AutograderError


class _Group(TyperGroup):
    """Ends a command with status 2 and the error's text where it raised one that is meant for people."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            typer.secho(str(error), fg="red", err=True)
            raise typer.Exit(2) from error


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"docker-course {version('docker-fundamentals')}")
        raise typer.Exit


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def options(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print results and errors only.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Print each step, with the time of day.")] = False,
    _: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version),
    ] = False,
) -> None:
    """Docker Fundamentals: set up, teach, and grade in sandboxes."""
    if quiet and verbose:
        raise typer.BadParameter("Choose one of --quiet and --verbose.")
    choose(Verbosity.QUIET if quiet else Verbosity.VERBOSE if verbose else Verbosity.NORMAL)


app.command("setup")(setup.setup)
app.command("doctor")(doctor.doctor)
app.command("shell")(shell.shell)
app.command("demo")(grade.demo)
app.command("grade")(grade.grade)
app.add_typer(images.app, name="images")
app.add_typer(lessons.app, name="lessons")
app.add_typer(sandbox.app, name="sandbox")


def main() -> None:
    """Run the command line."""
    app()
