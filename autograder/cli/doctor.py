"""``docker-course doctor``: check that everything the course needs is available."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from course.diagnosis import Diagnosis

SECONDS_TO_ANSWER = 6.0
"""How long the Engine may be silent."""


def doctor() -> None:
    """Check Docker, its plug-ins, the course's images, the kernel and sandboxes, and say how to repair what is wrong.

    One line for each: ✓ fine, ✗ needs repair, ! works but could be better, – could not be checked.

    The exit status is 1 if anything needs repair.
    """
    from io import TextIOWrapper
    from itertools import chain

    from rich.console import Console
    from rich.text import Text

    from autograder.images import load
    from course.diagnosis import Mark, examine, summary

    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ✓ still gets the words
    colours = {Mark.OK: "green", Mark.FAILED: "bold red", Mark.ADVICE: "yellow", Mark.UNKNOWN: "dim"}
    console = Console(highlight=False)
    found = []
    for one in chain(examine([image.short for image in load().image]), sandboxes()):
        found.append(one)
        mark = (one.mark.value, colours[one.mark])
        console.print(Text.assemble(mark, f" {one.about:15}", one.found), soft_wrap=True)
        for step in one.repair.splitlines():
            console.print(Text(f"    → {step}"), soft_wrap=True)
    console.print(Text(summary(found), style="bold"))
    if any(one.mark is Mark.FAILED for one in found):
        raise typer.Exit(1)


def sandboxes() -> Iterator[Diagnosis]:
    """Yield whether the kernel lets sandboxes have the user namespace that each of them lives in."""
    from contextlib import closing

    from docker.errors import DockerException

    from autograder.errors import EngineMissing
    from autograder.host import connect, namespaces
    from course.diagnosis.finding import failed, ok, unknown

    about = "Sandboxes"
    try:
        with closing(connect(timeout=SECONDS_TO_ANSWER)) as client:
            kernel = namespaces.KernelSettings.of(client)
    except (EngineMissing, DockerException, OSError):
        yield unknown(about, "no usable Engine answers")
        return
    if kernel is None:
        yield unknown(about, "the Engine does not run on the kernel of this machine")
    elif found := namespaces.withheld(kernel):
        yield failed(about, f"They cannot start: {found.reason}.", found.repair)
    else:
        profile = namespaces.apparmor_profile(kernel)
        yield ok(about, f"Ordinary users can create user namespaces (AppArmor profile: {profile}).")
