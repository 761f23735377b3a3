"""``docker-course lessons``: build the notebooks from the lessons, or check that they are up to date."""

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
    """Fail if a committed notebook is not what its text gives, or a demand has no criterion or no case."""
    from autograder import lessons

    gaps = lessons.gaps(root.resolve(), parts)
    for gap in gaps:
        typer.echo(gap, err=True)

    stale = lessons.check(root.resolve(), parts)
    for path in stale:
        typer.echo(f"out of step: {path.relative_to(root.resolve())}", err=True)
    if stale:
        typer.echo("Run  docker-course lessons build  and commit what it writes.", err=True)
    if stale or gaps:
        raise typer.Exit(1)
    typer.echo("The notebooks are in step with their text.")


@app.command("try")
def try_(
    part: Annotated[str, typer.Argument(help="Such as part2.")],
    exercise: Annotated[str, typer.Argument(help="The grade_id of its answer, such as loopback.")],
    cases: Annotated[
        list[str] | None,
        typer.Argument(help="Case folders, names of the part's cases, or files with an answer.", metavar="[CASE]..."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: a list with one object for each case.")] = False,
    root: Root = Path(),
) -> None:
    """Grade one exercise in a sandbox and print its report: the model solution, or each case.

    Ends with status 1 where a case does not get the marks and messages that it expects, or a check fails by itself.
    """
    import dataclasses
    import json

    from autograder.trial import run

    def told(what: str, now: str) -> None:
        if now == "building it":
            typer.echo("Putting the files as they are now into the sandbox's image …", err=True)

    trials = []
    for trial in run(root.resolve(), part, exercise, cases or (), progress=told):
        trials.append(trial)
        if not as_json:
            typer.echo(trial)
    if as_json:
        plain = [dataclasses.asdict(trial) for trial in trials]
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False, default=lambda record: record.model_dump()))
    if any(trial.failed for trial in trials):
        raise typer.Exit(1)
