"""``docker-course setup``: create everything that grading needs, unless it exists."""

from __future__ import annotations

import typer


def setup() -> None:
    """Set up a Docker Engine, the course's images and the sandbox. It takes minutes once, then about a second."""
    from autograder import images, sandbox
    from autograder.cli.progress import Steps
    from autograder.host import ensure_engine

    with Steps() as steps:
        client = ensure_engine(steps)
        images.ensure(progress=steps, client=client)
        sandbox.ensure(steps)
    typer.echo("Ready: the Engine answers, the course's images are here, and sandboxes can start.")
