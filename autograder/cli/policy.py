"""``docker-course sandbox policy``: test the gateway against a file of policy cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

TIMEOUT = 1800.0
PYTHON = "/opt/docker-course/venv/bin/python"


def policy(
    file: Annotated[Path, typer.Argument(help="JSON array of raw requests with their expected verdicts.")],
) -> None:
    """Send the raw requests in a file to the student's Engine socket in a fresh sandbox.

    Prints each case that did not get its expected verdict, then `N passed, M failed`.

    The exit status is 1 if any case failed.
    """
    import json

    from autograder.gateway import cases as policy_cases
    from autograder.results import Limits
    from autograder.sandbox import Sandbox

    cases = policy_cases.read(file)
    asked = json.dumps([case.model_dump() for case in cases]).encode()
    with Sandbox(Limits(seconds=TIMEOUT)) as box:
        done = box.run([PYTHON, "-m", "autograder.gateway.probe"], asked, "root")
    problems = dict.fromkeys((case.id for case in cases), "no verdict, because the check in the sandbox ended early")
    for line in done.stdout.splitlines():
        result = json.loads(line)
        problems[result["id"]] = result["problem"]
    if done.returncode != 0:
        typer.secho(done.stderr.decode(errors="replace")[-2000:].strip(), fg="red", err=True)
    failed = 0
    for case in cases:
        if problems[case.id] is not None:
            failed += 1
            typer.echo(f"{case.id}: expected {case.expect}; {problems[case.id]} ({case.why})")
    typer.echo(f"{len(cases) - failed} passed, {failed} failed")
    raise typer.Exit(1 if failed else 0)
