"""The papermill engine ``docker-course``: a student kernel and an examiner kernel instead of one kernel.

papermill finds it by its entry point: ``papermill --engine docker-course in.ipynb out.ipynb``, or
``papermill.engines.papermill_engines``. Import ``papermill`` before this module: papermill imports the module
itself, to register the class, and would meet it half-made.
"""

from __future__ import annotations

import asyncio
from typing import Any

from papermill.engines import NBClientEngine

from autograder.results import Limits
from autograder.runner.notebook import NotebookRunner, new_run_value

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
        **_: Any,
    ) -> None:
        """Execute ``nb_man.nb`` in place; papermill's other options do not apply.

        ``run`` is the run's random value. Raises GraderBroke.
        """
        runner = NotebookRunner(nb_man.nb, kernel_name, run or new_run_value(), limits or Limits())
        cells = nb_man.nb["cells"]
        result = asyncio.run(
            runner.run(
                begin=lambda index: nb_man.cell_start(cells[index], index),
                end=lambda index: nb_man.cell_complete(cells[index], index),
            )
        )
        nb_man.nb["metadata"][RESULT_KEY] = {
            "verdict": result.verdict.value,
            "reason": result.reason,
            "cells": [cell.model_dump(mode="json") for cell in result.cells],
            "seconds": result.seconds,
        }
