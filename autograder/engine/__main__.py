"""One Job as JSON on standard input, one Execution as JSON on standard output; everything else goes to stderr.

Ends with status 0 whenever an Execution was printed, and one always is: what goes wrong here is a verdict,
*grader broke*, with the reason.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import Any

from pydantic import ValidationError

from autograder.engine.grading import grade_cell, shorten, unreached
from autograder.engine.roles import SANDBOX_MARKER, in_sandbox
from autograder.errors import AutograderError, BadInput, GraderBroke
from autograder.results import CellResult, Execution, Job, Verdict

KERNEL = "docker-course"
UNCONFINED = "--unconfined"
"""Argument that allows a run outside a sandbox, where nothing protects the machine from the notebook."""


def main() -> int:
    """Run the job; the process's exit status."""
    # Nothing but the Execution may reach the real standard output, whatever a library or child prints.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        execution = execute(sys.stdin.buffer.read(), unconfined=UNCONFINED in sys.argv[1:])
    except AutograderError as problem:
        execution = Execution(verdict=Verdict.GRADER_BROKE, reason=str(problem))
    except Exception as problem:
        traceback.print_exc()
        execution = Execution(verdict=Verdict.GRADER_BROKE, reason=f"Unexpected: {shorten(repr(problem))}")
    out.write(execution.model_dump_json().encode())
    out.close()
    return 0


def execute(text: bytes, *, unconfined: bool = False) -> Execution:
    """Run the Job that ``text`` holds. Raises GraderBroke."""
    if not unconfined and not in_sandbox():
        raise GraderBroke(
            f"Notebooks run inside a sandbox only, and this is none ({SANDBOX_MARKER} is not 1): "
            f"use docker-course grade, or {UNCONFINED} for a notebook that you trust."
        )
    try:
        job = Job.model_validate_json(text)
    except ValidationError as problem:
        raise GraderBroke(f"The job cannot be read: {shorten(str(problem))}") from problem
    notebook = readable(job.notebook)
    try:
        check_language(notebook)
    except BadInput as problem:
        return not_run(notebook, str(problem))
    return run(notebook, job)


def run(notebook: Any, job: Job) -> Execution:
    """Run a notebook through papermill. Raises GraderBroke."""
    from papermill.engines import papermill_engines

    from autograder.engine.papermill import RESULT_KEY

    notebook.metadata["papermill"] = {}  # papermill writes its timings there
    done = papermill_engines.execute_notebook_with_engine(
        KERNEL, notebook, KERNEL, progress_bar=False, run=job.run, limits=job.limits
    )
    return Execution.model_validate({**done.metadata.pop(RESULT_KEY), "notebook": done})


def readable(notebook: dict[str, Any]) -> Any:
    """The notebook as nbformat has it, without old outputs. Raises GraderBroke if it is none."""
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


def check_language(notebook: Any) -> None:
    """Raise BadInput if the notebook is set to a kernel of another language."""
    kernel = notebook.metadata.get("kernelspec", {})
    language = kernel.get("language") or notebook.metadata.get("language_info", {}).get("name") or "python"
    if str(language).lower() not in ("python", "ipython"):
        name = shorten(str(kernel.get("display_name") or language), 60)
        raise BadInput(
            f"The notebook is set to the kernel “{name}”, but this course runs on Python: "
            "choose the kernel “Docker Fundamentals” in JupyterLab, save, and hand in again."
        )


def not_run(notebook: Any, reason: str) -> Execution:
    """The execution of a submission that cannot be run: no grade cell is reached."""
    cells: list[CellResult] = []
    for cell in notebook.cells:
        grade = grade_cell(cell)
        if grade:
            result, cell.outputs = unreached(grade, reason)
            cells.append(result)
    return Execution(verdict=Verdict.SUBMISSION_BROKE, reason=reason, cells=tuple(cells), notebook=notebook)


if __name__ == "__main__":
    sys.exit(main())
