"""``docker-course lessons``: build the notebooks from the lessons' text, or tell whether they are in step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Build the notebooks from the lessons' text, or check them.")

Parts = Annotated[list[str] | None, typer.Argument(help="Such as part1; all parts if none is named.")]
Root = Annotated[
    Path, typer.Option(help="The course's root: where nbgrader_config.py is.", file_okay=False, exists=True)
]


@app.command()
def build(parts: Parts = None, root: Root = Path()) -> None:
    """Write source/, release/ and build/solution/ from lessons/."""
    from autograder import lessons

    changed = lessons.build(root.resolve(), parts)
    for path in changed:
        typer.echo(f"wrote {path.relative_to(root.resolve())}")
    if not changed:
        typer.echo("Everything was in step already.")


@app.command()
def check(parts: Parts = None, root: Root = Path()) -> None:
    """Fail if a committed notebook is not what its text gives."""
    from autograder import lessons

    stale = lessons.check(root.resolve(), parts)
    for path in stale:
        typer.echo(f"out of step: {path.relative_to(root.resolve())}", err=True)
    if stale:
        typer.echo("Run  docker-course lessons build  and commit what it writes.", err=True)
        raise typer.Exit(1)
    typer.echo("The notebooks are in step with their text.")
