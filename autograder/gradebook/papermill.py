"""The papermill engine ``docker-course`` outside a sandbox: it runs the notebook in a sandbox.

    papermill --engine docker-course notebook.ipynb executed.ipynb -p name value

The notebook runs as it stands, its own grade cells included; nothing is recorded. Marks come from ``docker-course
grade``, which puts the trusted grade cells back first.
"""

from __future__ import annotations

from typing import Any

import nbformat
from papermill.engines import Engine
from papermill.exceptions import PapermillException
from papermill.log import logger

from autograder.errors import AutograderError
from autograder.gradebook.execution import new_job, run_in_sandbox
from autograder.results import CellProgress, Execution, Limits, Verdict


class RunFailed(PapermillException):
    """The notebook did not run to its end, or the sandbox it was to run in failed; the message is the reason."""


class SandboxEngine(Engine):
    """Runs a notebook in a fresh sandbox and copies outputs, execution counts and times into papermill's notebook."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, execution_timeout: float | None = None, **_: Any
    ) -> None:
        """Execute ``nb_man.nb`` in a sandbox.

        Args:
            nb_man: papermill's notebook and its progress.
            kernel_name: not used: a sandbox has the course's kernel only.
            execution_timeout: seconds for each cell; the default is the graders'.

        Raises:
            RunFailed: the submission broke, the grader broke, or there is no sandbox to run in.
        """
        limits = Limits(cell_seconds=execution_timeout) if execution_timeout else Limits()

        def watch(progress: CellProgress) -> None:
            if progress.index < len(nb_man.nb.cells):
                cell = nb_man.nb.cells[progress.index]
                (nb_man.cell_complete if progress.done else nb_man.cell_start)(cell, progress.index)

        try:
            execution = run_in_sandbox(new_job(nb_man.nb, limits), watch)
        except AutograderError as error:
            raise RunFailed(str(error)) from None
        copy_cells(execution, nb_man.nb)
        for result in execution.cells:
            logger.info(f"{result.grade_id}: {result.points:g} of {result.max_points:g} points")
        if execution.verdict is not Verdict.GRADED:
            nb_man.nb.metadata.papermill["exception"] = True
            raise RunFailed(f"{execution.verdict}: {execution.reason}")


def copy_cells(execution: Execution, notebook: nbformat.NotebookNode) -> None:
    """Copy each cell's outputs, execution count and times.

    Raises:
        RunFailed: what came back are not the cells of this notebook.
    """
    executed = execution.notebook.get("cells", [])
    if not executed and execution.verdict is not Verdict.GRADED:
        return
    try:
        for cell, done in zip(notebook.cells, executed, strict=True):
            cell.metadata.papermill = nbformat.from_dict(done["metadata"]["papermill"])
            if cell.cell_type == "code":
                cell.outputs = nbformat.from_dict(done["outputs"])
                cell.execution_count = done["execution_count"]
        nbformat.validate(notebook)
    except (LookupError, TypeError, ValueError, nbformat.ValidationError) as error:
        raise RunFailed(f"The sandbox gave back other cells than it got: {error}") from None
