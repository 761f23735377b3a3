"""``docker-course doctor``: check that everything the course needs is available."""

from __future__ import annotations

import typer


def doctor() -> None:
    """Check Docker, its plug-ins, the course's images, the kernel and sandboxes, and say how to repair what is wrong.

    One line for each: ✓ fine, ✗ needs repair, ! works but could be better, – could not be checked.

    The exit status is 1 if anything needs repair.
    """
    from autograder.cli.findings import examine, show
    from course.diagnosis import Mark, summary

    found = []
    for one in examine():
        found.append(one)
        show(one)
    typer.secho(summary(found), bold=True)
    if any(one.mark is Mark.FAILED for one in found):
        raise typer.Exit(1)
