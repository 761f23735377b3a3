"""The papermill engine ``docker-course`` inside a sandbox: it runs a student kernel and an examiner kernel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from papermill.engines import NBClientEngine

from autograder.results import CellProgress, Limits
from autograder.runner.notebook_runner import NotebookRunner, new_run_value

RESULT_KEY = "docker_course_execution"
"""Where in the executed notebook's metadata the verdict, the reason and the grade cells' results stand."""


class TwoKernelEngine(NBClientEngine):
    """Runs grade cells in the examiner's kernel and all other code cells in the student's."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        run: str | None = None,
        limits: Limits | None = None,
        watch: Callable[[CellProgress], None] | None = None,
        **_: Any,
    ) -> None:
        """Execute ``nb_man.nb`` in place; papermill's other options do not apply.

        Args:
            nb_man: papermill's notebook and its progress.
            kernel_name: of both kernels.
            run: the run's random value.
            limits: of the run.
            watch: called at each cell's start and end.

        Raises:
            GraderBroke: the run came to no verdict.
        """
        runner = NotebookRunner(nb_man.nb, kernel_name, run or new_run_value(), limits or Limits())
        cells = nb_man.nb["cells"]

        def begin(index: int) -> None:
            nb_man.cell_start(cells[index], index)
            if watch:
                watch(CellProgress(index=index, done=False))

        def end(index: int) -> None:
            nb_man.cell_complete(cells[index], index)
            if watch:
                watch(CellProgress(index=index, done=True))

        result = asyncio.run(runner.run(begin, end))
        nb_man.nb["metadata"][RESULT_KEY] = {
            "verdict": result.verdict.value,
            "reason": result.reason,
            "cells": [cell.model_dump(mode="json") for cell in result.cells],
            "seconds": result.seconds,
        }
