"""The papermill engine ``docker-course`` inside a sandbox: it runs a student kernel and an examiner kernel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from papermill.engines import NBClientEngine

from autograder.results import CellProgress, Limits, Timings
from autograder.runner.kernels import Kernels
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
        seed: str = "",
        limits: Limits | None = None,
        watch: Callable[[CellProgress], None] | None = None,
        kernels: Kernels | None = None,
        loop: asyncio.Runner | None = None,
        **_: Any,
    ) -> None:
        """Execute ``nb_man.nb`` in place; papermill's other options do not apply.

        Args:
            nb_man: papermill's notebook and its progress.
            kernel_name: of both kernels.
            run: the run's random value.
            seed: of what set-ups hide; random if there is none.
            limits: of the run.
            watch: called at each cell's start and end.
            kernels: that were started ahead, with the run's value.
            loop: in which they were started.

        Raises:
            GraderBroke: the run came to no verdict.
        """
        kernels = kernels or Kernels(kernel_name, run or new_run_value())
        runner = NotebookRunner(nb_man.nb, kernels, limits or Limits(), seed)
        cells = nb_man.nb["cells"]

        def begin(index: int) -> None:
            nb_man.cell_start(cells[index], index)
            if watch:
                watch(CellProgress(index=index, done=False))

        def end(index: int) -> None:
            nb_man.cell_complete(cells[index], index)
            if watch:
                watch(CellProgress(index=index, done=True))

        with nullcontext(loop) if loop else asyncio.Runner() as here:
            result = here.run(runner.run(begin, end))
        timings = Timings(cells=result.seconds - result.check_seconds, checks=result.check_seconds)
        nb_man.nb["metadata"][RESULT_KEY] = {
            "verdict": result.verdict.value,
            "reason": result.reason,
            "cells": [cell.model_dump(mode="json") for cell in result.cells],
            "seconds": result.seconds,
            "timings": timings.model_dump(),
        }
