"""``docker-course setup``: create everything that grading needs, unless it exists."""

from __future__ import annotations

import typer


def setup() -> None:
    """Set up a Docker Engine, its plug-ins, the course's images and the sandbox, and say what this machine can do.

    It takes minutes once, then a few seconds. What is missing for notebooks does not stop it: it is listed at the end.
    """
    from autograder import images, sandbox
    from autograder.cli import findings, programs
    from autograder.cli.progress import Steps
    from autograder.host import ensure_engine
    from course.diagnosis import Mark

    with Steps() as steps:
        client = ensure_engine(steps)
        programs.install(steps)
        images.ensure(progress=steps, client=client)
        provision = sandbox.ensure(steps)
        programs.copy(client, provision.image, steps)
        steps("sandbox", "starting one, to see that it works")
        seconds = sandbox.try_out(provision)
        steps("sandbox", f"started in {seconds:.1f} s")
        steps("this machine", "looking what it can do")
        found = list(findings.examine())
    typer.echo("Ready to grade: the Engine answers, the course's images are here, and a sandbox has started.")
    open_ones = [one for one in found if one.mark is not Mark.OK]
    if not any(one.mark is Mark.FAILED for one in open_ones):
        typer.echo("Ready for notebooks: every part can be done on this machine.")
    else:
        typer.echo("Not ready for all notebooks; `docker-course doctor` looks again after a repair:")
    for one in open_ones:
        findings.show(one)
