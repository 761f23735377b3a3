"""``docker-course doctor``: is everything there that the course needs?"""

from __future__ import annotations

import sys

import typer


def doctor() -> None:
    """Look at Docker, its plug-ins, the course's images and the kernel; say how to repair what is wrong.

    A line for each: ✓ fine, ✗ to be repaired, ! works and could be better, – could not be looked at. Ends with status
    1 if anything has to be repaired.
    """
    from io import TextIOWrapper

    from rich.console import Console
    from rich.text import Text

    from autograder.images import load
    from course.diagnosis import Mark, examine, summary

    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ✓ still gets the words
    colours = {Mark.OK: "green", Mark.FAILED: "bold red", Mark.ADVICE: "yellow", Mark.UNKNOWN: "dim"}
    console = Console(highlight=False)
    found = []
    for one in examine([image.short for image in load().image]):
        found.append(one)
        mark = (one.mark.value, colours[one.mark])
        console.print(Text.assemble(mark, f" {one.about:15}", one.found), soft_wrap=True)
        for step in one.repair.splitlines():
            console.print(Text(f"    → {step}"), soft_wrap=True)
    console.print(Text(summary(found), style="bold"))
    if any(one.mark is Mark.FAILED for one in found):
        raise typer.Exit(1)
