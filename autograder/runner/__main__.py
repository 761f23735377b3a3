"""Read a Job as JSON from stdin and write an Execution as JSON to stdout; all other output goes to stderr.

With ``--run=WORD`` the kernels are started, with the run's word, before the Job is there; it has to have the same word.
With ``--progress`` there is a line with a CellProgress at each cell's start and end before the Execution. Ends with
status 0 whenever an Execution was printed, and one always is: what goes wrong here is a verdict, *grader broke*, with
the reason.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from autograder.errors import AutograderError, GraderBroke
from autograder.fast_imports import skip_iri_parser
from autograder.results import CellProgress, Execution, Job, Verdict
from autograder.runner.grade_cells import ChecksFailed, shorten
from autograder.runner.roles import SANDBOX_MARKER, in_sandbox
from autograder.runner.timeline import Timeline

if TYPE_CHECKING:
    from autograder.runner.kernels import Kernels

ENGINE = "autograder.runner.papermill"
KERNEL = "docker-course"
UNCONFINED = "--unconfined"
"""Argument that allows a run outside a sandbox, where nothing protects the machine from the notebook."""

PROGRESS = "--progress"
"""Argument that asks for progress."""

RUN = "--run="
"""Argument that has the kernels started ahead: a sandbox may be booted before a submission is ready for it."""


def main() -> int:
    """Run the job; the process's exit status."""
    skip_iri_parser()
    # Nothing but the Execution may reach the real standard output, whatever a library or child prints.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def watch(progress: CellProgress) -> None:
        out.write(progress.model_dump_json().encode() + b"\n")
        out.flush()

    try:
        execution = serve(sys.argv[1:], watch)
    except ChecksFailed as failed:
        execution = failed.execution or Execution(verdict=Verdict.GRADER_BROKE, reason=str(failed))
    except AutograderError as problem:
        execution = Execution(verdict=Verdict.GRADER_BROKE, reason=str(problem))
    except Exception as problem:
        traceback.print_exc()
        execution = Execution(verdict=Verdict.GRADER_BROKE, reason=f"Unexpected: {shorten(repr(problem))}")
    out.write(execution.model_dump_json().encode())
    out.close()
    return 0


def serve(arguments: list[str], watch: Callable[[CellProgress], None]) -> Execution:
    """Run the Job on standard input as the arguments say; raises what `execute` raises."""
    words = [argument.removeprefix(RUN) for argument in arguments if argument.startswith(RUN)]
    with asyncio.Runner() as loop:
        return execute(
            kernels=start_ahead(words[0], loop) if words and in_sandbox() else None,
            text=sys.stdin.buffer.read(),
            loop=loop,
            unconfined=UNCONFINED in arguments,
            watch=watch if PROGRESS in arguments else None,
        )


def start_ahead(run: str, loop: asyncio.Runner) -> Kernels:
    """Start the kernels with this run's word, and import meanwhile what executes notebooks."""
    from autograder.runner.kernels import Kernels

    kernels = Kernels(KERNEL, run)

    async def start() -> None:
        await asyncio.gather(kernels.start(), asyncio.to_thread(importlib.import_module, ENGINE))

    loop.run(start())
    return kernels


def execute(
    text: bytes,
    *,
    unconfined: bool = False,
    watch: Callable[[CellProgress], None] | None = None,
    kernels: Kernels | None = None,
    loop: asyncio.Runner | None = None,
) -> Execution:
    """Run the Job that ``text`` holds. Raises GraderBroke; where only checks failed, ChecksFailed."""
    if not unconfined and not in_sandbox():
        raise GraderBroke(
            f"Notebooks run inside a sandbox only, and this is none ({SANDBOX_MARKER} is not 1): "
            f"use docker-course grade, or {UNCONFINED} for a notebook that you trust."
        )
    try:
        job = Job.model_validate_json(text)
    except ValidationError as problem:
        raise GraderBroke(f"The job cannot be read: {shorten(str(problem))}") from problem
    if kernels and kernels.run != job.run:
        raise GraderBroke("The kernels were started for another run.")
    from autograder.runner.papermill import RESULT_KEY, TwoKernelEngine

    notebook = readable(job.notebook)
    notebook.metadata["papermill"] = {}  # papermill writes its timings there
    timeline = Timeline() if in_sandbox() else None
    try:
        done = TwoKernelEngine.execute_notebook(
            notebook,
            KERNEL,
            progress_bar=False,
            run=job.run,
            seed=job.seed,
            limits=job.limits,
            watch=watch,
            kernels=kernels,
            loop=loop,
        )
    except ChecksFailed as problem:
        problem.execution = Execution(
            verdict=Verdict.GRADER_BROKE, reason=str(problem), cells=problem.cells, notebook=notebook
        )
        raise
    entries = timeline.entries(done) if timeline else ()
    return Execution.model_validate({**done.metadata.pop(RESULT_KEY), "notebook": done, "timeline": entries})


def readable(notebook: dict[str, Any]) -> Any:
    """Return the notebook as nbformat has it, without old outputs. Raises GraderBroke if it is none."""
    import nbformat

    try:
        found = nbformat.from_dict(notebook)
        for cell in found.get("cells", []):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.validate(found)
    except (nbformat.ValidationError, AttributeError, TypeError, LookupError) as problem:
        raise GraderBroke(f"The notebook is not valid nbformat 4: {shorten(str(problem))}") from problem
    return found


if __name__ == "__main__":
    sys.exit(main())
