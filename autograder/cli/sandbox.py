"""``docker-course sandbox``: start a fresh sandbox for one command or an interactive shell."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from autograder.cli.policy import policy

app = typer.Typer(help="Run a command or a shell in a fresh, throw-away Docker Engine.", no_args_is_help=True)
app.command("policy")(policy)


class As(StrEnum):
    """Who runs the command inside."""

    STUDENT = "student"
    EXAMINER = "examiner"


User = Annotated[As, typer.Option("--as", help="The user inside the sandbox.")]
Seconds = Annotated[float, typer.Option(help="Time limit of the sandbox, in seconds.", min=1)]


@app.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def exec(
    command: Annotated[list[str], typer.Argument(help="The command and its arguments, after `--`.")],
    user: User = As.STUDENT,
    seconds: Seconds = 900,
) -> None:
    """Run a command in a fresh sandbox, with this terminal's input and output, and exit with its status."""
    raise typer.Exit(_run(command, user, seconds, terminal=False))


@app.command()
def shell(user: User = As.STUDENT, seconds: Seconds = 3600) -> None:
    """Open a shell in a fresh sandbox. The sandbox and everything in it are gone when the shell ends."""
    raise typer.Exit(_run(["bash"], user, seconds, terminal=sys.stdin.isatty()))


def _run(command: list[str], user: As, seconds: float, *, terminal: bool) -> int:
    """Run the command with this process's own streams; its exit status, or 124 (as ``timeout`` has it) at the limit."""
    import subprocess
    import time

    from autograder.results import Limits
    from autograder.sandbox import Sandbox

    with Sandbox(Limits(seconds=seconds)) as box:
        end = time.monotonic() + seconds
        process = subprocess.Popen(box.command(command, user.value, terminal=terminal))
        try:
            status = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            status = None
        except KeyboardInterrupt:
            return 130
        if status is None or (status != 0 and time.monotonic() > end - 1 and not box.alive()):
            typer.secho(f"The sandbox reached its time limit of {seconds:.0f} s.", fg="red", err=True)
            return 124
        return status
