"""What this machine can and cannot do: the findings that ``doctor`` prints, and ``setup`` at its end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course.diagnosis import Diagnosis

SECONDS_TO_ANSWER = 6.0
"""How long the Engine may be silent."""


def examine() -> Iterator[Diagnosis]:
    """Yield what is found on this machine, one thing after the other: for notebooks, then for grading."""
    from autograder.images import load
    from course import diagnosis

    yield from diagnosis.examine([image.short for image in load().image])
    yield from sandboxes()


def show(finding: Diagnosis) -> None:
    """Print a finding, and its repair below it."""
    from io import TextIOWrapper

    from rich.console import Console
    from rich.text import Text

    from course.diagnosis import Mark

    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ✓ still gets the words
    colours = {Mark.OK: "green", Mark.FAILED: "bold red", Mark.ADVICE: "yellow", Mark.UNKNOWN: "dim"}
    console = Console(highlight=False)
    mark = (finding.mark.value, colours[finding.mark])
    console.print(Text.assemble(mark, f" {finding.about:15}", finding.found), soft_wrap=True)
    for step in finding.repair.splitlines():
        console.print(Text(f"    → {step}"), soft_wrap=True)


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
