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
def build(
    parts: Parts = None,
    answers: Annotated[
        bool, typer.Option("--with-answers", help="Write notebooks with the model answers into build/solution/, too.")
    ] = False,
    root: Root = Path(),
) -> None:
    """Write source/ and release/ from lessons/."""
    from autograder import lessons

    changed = lessons.build(root.resolve(), parts, answers=answers)
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


@app.command()
def mutate(
    part: Annotated[str, typer.Argument(help="Such as part2.")],
    exercises: Annotated[list[str] | None, typer.Argument(help="Such as loopback; all if none is named.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Mutants at most; 0 for all.")] = 0,
    sample: Annotated[str, typer.Option(help="Any word: another word is another choice of mutants.")] = "",
    per_case: Annotated[int, typer.Option(min=0, help="Mutants of each right answer in the part's cases.")] = 6,
    jobs: Annotated[int, typer.Option(min=1, help="Sandboxes at a time.")] = 2,
    grade: Annotated[
        bool, typer.Option(help="Grade what is missing, or report what is known without a sandbox.")
    ] = True,
    page: Annotated[bool, typer.Option(help="Write docs/verdicts.md.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    root: Root = Path(),
) -> None:
    """Look for false verdicts: grade wrong answers made from right ones, and right ones with something harmless.

    Results are kept in build/verdicts, so that a run that was stopped goes on, and only what changed is graded again.
    Ends with status 1 if a wrong answer keeps all marks without an explanation, or a right one loses some.
    """
    import json

    from autograder.cli.progress import Steps
    from autograder.mutation import mutate, report
    from autograder.sandbox import refresh

    top = root.resolve()
    with Steps() as steps:
        if grade:
            refresh(steps)
        made = mutate(
            top,
            part,
            exercises or (),
            limit=limit,
            seed=sample,
            per_case=per_case,
            jobs=jobs,
            grade=grade,
            tell=lambda status: steps(part, str(status)),
        )
    typer.echo(json.dumps(made.model_dump(mode="json"), indent=2, ensure_ascii=False) if as_json else made)
    if page and not exercises and not limit:
        typer.echo(f"wrote {report.write_page(top).relative_to(top)}", err=True)
    if not made.good:
        raise typer.Exit(1)
