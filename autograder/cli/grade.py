"""``docker-course grade``: grade the submissions of a part."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

Root = Annotated[
    Path,
    typer.Option(help="The course's root: the folder with nbgrader_config.py.", file_okay=False, exists=True),
]


def _parts(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a part in the shell."""
    root = context.params.get("root") or Path()
    found = sorted(path.stem for path in root.glob("source/part*/part*.ipynb"))
    return [name for name in found if name.startswith(incomplete)]


STOPPED = "Everything recorded so far is complete. Run the command again with --resume to grade the rest."


def grade(
    part: Annotated[str, typer.Argument(help="The part to grade, such as part1.", autocompletion=_parts)],
    student: Annotated[
        list[str] | None,
        typer.Option(help="Grade only this student. You can repeat this option.", show_default=False),
    ] = None,
    root: Root = Path(),
    workers: Annotated[int, typer.Option(help="How many submissions to run at the same time.", min=1)] = 2,
    resume: Annotated[
        bool, typer.Option("--resume", help="Skip submissions that were graded and have not changed since.")
    ] = False,
    timings: Annotated[bool, typer.Option("--timings", help="Show where the time of each run goes.")] = False,
) -> None:
    """Grade every submission of a part, each in a sandbox of its own.

    The exit status is 1 if the grader broke on any of them, or a folder's name kept it from being graded.
    """
    began = time.monotonic()
    expected = _refuse_early(part, student, root, resume)

    from autograder.batch.pool import Pool
    from autograder.cli.stopping import stopping

    with stopping(STOPPED), Pool(expected, min(workers, expected) or 1) as pool:
        from autograder.batch import grade as grade_all
        from autograder.cli.live import LiveTable
        from autograder.results import Verdict

        with LiveTable(f"Grading {part}") as table:
            records = grade_all(
                part, student or None, root=root, workers=workers, pool=pool, resume=resume, watch=table
            )
    broke = sum(record.verdict is Verdict.GRADER_BROKE for record in records)
    refused = sum(record.verdict is Verdict.NOT_GRADED for record in records)
    if timings:
        from autograder.cli.timings import show

        show(records, time.monotonic() - began)
    typer.echo(f"Marks:    {root.resolve() / 'grades.csv'}")
    typer.echo(f"Feedback: {root.resolve() / 'feedback'}/<student>/{part}/{part}.html")
    if broke:
        typer.secho(
            f"The grader broke on {broke} of {len(records)} submissions, which got no new mark. Grade them again.",
            fg="red",
        )
    if refused:
        typer.secho(f"{refused} of {len(records)} folders were not graded: rename them, and grade again.", fg="red")
    if broke or refused:
        raise typer.Exit(1)


def _refuse_early(part: str, students: list[str] | None, root: Path, resume: bool) -> int:
    """Raise for what cannot be graded, before the libraries that grade are loaded and before anything is recorded.

    What takes long to start (the processes that read and record) starts meanwhile.

    Returns:
        How many submissions are likely to be executed.

    Raises:
        BadInput: the root, the part or a student is wrong.
        EngineMissing, SandboxError: sandboxes cannot start.
    """
    from autograder.gradebook.course import Course, find_students

    course = Course(root)
    course.source(part)
    chosen = {name for name in find_students(course, part, students) if course.submission(name, part).is_file()}

    from autograder.batch import recording
    from autograder.fast_imports import skip_iri_parser
    from autograder.gradebook import bounded
    from autograder.gradebook.records import read_records

    skip_iri_parser()
    recording.start()
    bounded.start((bounded.READING,))

    from autograder import sandbox

    sandbox.refresh()
    if resume:
        records = read_records(course.root, part).items()
        chosen -= {name for name, record in records if record.verdict.gives_mark}
    return len(chosen)


def demo(root: Root = Path()) -> None:
    """Grade six sample submissions of Part 1 and compare their marks with the expected ones.

    The exit status is 1 if any mark differs.
    """
    from autograder import sandbox

    sandbox.refresh()

    from rich.markup import escape
    from rich.table import Table

    from autograder.cli.live import LiveTable
    from autograder.cli.progress import wide_console
    from autograder.cli.stopping import stopping
    from autograder.demo import run

    where = root.resolve() / "build" / "demo"
    with (
        stopping("The demonstration keeps nothing."),
        LiveTable("Grading six submissions of Part 1") as live,
    ):
        compared = run(root.resolve(), where, watch=live)
    table = Table("Submission", "What it is", "Verdict", title="Six submissions and their expected marks")
    for column in ("Points", "Expected"):
        table.add_column(column, justify="right")
    table.add_column("As expected")
    for one in compared:
        record, wrong = one.record, one.differences
        points = "none" if record.score is None else f"{record.score:g}"
        verdict = "[red]no: " + escape("; ".join(wrong)) + "[/red]" if wrong else "[green]yes[/green]"
        table.add_row(
            record.student,
            escape(one.case.expected.about),
            record.verdict,
            points,
            f"{one.wanted:g}",
            verdict,
        )
    wide_console().print(table)
    typer.echo(f"Marks:    {where / 'grades.csv'}")
    for one in compared:
        typer.echo(f"Feedback: {where / 'feedback' / one.record.student / one.record.part / one.record.part}.html")
    if any(one.differences for one in compared):
        raise typer.Exit(1)
