"""Run a notebook's cells in order, each in its kernel, and determine the verdict.

Who is to blame when something goes wrong:

- A student's cell raises, or is stopped by the time limit and obeys: the run goes on.
- The student's kernel dies, has to be killed, or the time for the whole run is used up: the *submission
  broke*. Marks up to there are kept, later grade cells are not reached and give 0.
- A grade cell raises, runs out of its own time, states no number of points, or the examiner's kernel dies:
  the *grader broke*, since a check has to cope with whatever it finds. The run goes on, so that whoever compares it
  with a control run knows of all checks.
- But if a container of the student's is there about which the Engine says nothing, the check gives 0 points.
- And if a grade cell failed and the Docker Engine, which answered at the start, no longer does, or the time
  for the whole run is used up: the submission broke. What wears out Engine or time is its cells.
- What the examiner writes to stderr (a library's warning) costs nobody marks; it goes to the log.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import GraderBroke
from autograder.results import CellResult, Limits, Verdict
from autograder.runner import grade_cells, planting
from autograder.runner.blame import engine_answers, hanging_container
from autograder.runner.gate_client import GateBroke
from autograder.runner.grade_cells import ChecksFailed, GradeCell, shorten
from autograder.runner.kernel import CellEnding
from autograder.runner.kernels import Kernels
from autograder.runner.outputs import Output, error, stream
from autograder.runner.roles import in_sandbox

Cell = dict[str, Any]
LOG_BYTES = 16 << 10
"""Bytes of an examiner's stderr that are logged per grade cell."""
NOTEBOOK_BYTES = 16 << 20
"""Bytes of outputs kept of all of a student's cells together: the grader's machine has to hold them, and a notebook may
have very many cells. Once they are used up, `SMALL` bytes are kept of each further cell."""
SMALL = 4096
EXAMINER_BYTES = 8 << 20
"""Bytes of a grade cell's outputs: enough that no report pushes out the points."""


@dataclass
class Result:
    """What a run came to."""

    verdict: Verdict = Verdict.GRADED
    reason: str = ""
    cells: list[CellResult] = field(default_factory=list)
    seconds: float = 0.0
    check_seconds: float = 0.0
    """Of these, in grade cells."""


class NotebookRunner:
    """One run of one notebook. Cells get their outputs in place; their sources stay as they came."""

    def __init__(self, notebook: dict[str, Any], kernels: Kernels, limits: Limits, seed: str = "") -> None:
        self.result = Result()
        self._notebook = notebook
        self._cells: list[Cell] = notebook["cells"]
        self._kernels = kernels
        self._limits = limits
        self._seed = seed
        self._module = planting.module_of(self._cells)
        self._unplanted = ""
        """Why the set-up of the exercise under way could not be planted; empty if it could."""
        self._count = 0
        self._last: Cell | None = None
        self._started = time.monotonic()
        # The sandbox ends at limits.seconds, whatever runs: stop before, and leave time for the last check.
        self._grade_deadline = self._started + limits.seconds * 0.97
        self._student_deadline = self._grade_deadline - min(limits.cell_seconds, limits.seconds / 5)

    async def run(self, begin: Callable[[int], None], end: Callable[[int], None]) -> Result:
        """Run every cell, calling ``begin`` and ``end`` with the index of each; then end the kernels.

        Raises:
            GraderBroke: the run came to no verdict.
        """
        broken = unusable(self._notebook)
        grades = [grade_cells.grade_cell(cell) for cell in self._cells]
        try:
            if not broken:
                await self._kernels.start()
                self._kernels.planting.begin(self._seed)
            started = time.monotonic()
            for index, (cell, grade) in enumerate(zip(self._cells, grades, strict=True)):
                begin(index)
                cell_started = time.monotonic()
                if cell["cell_type"] == "code":
                    if not broken:
                        broken = await self._one(index, cell, grade)
                    if broken and grade:
                        result, cell["outputs"] = grade_cells.unreached(grade, broken)
                        self.result.cells.append(result)
                if grade:
                    self.result.check_seconds += time.monotonic() - cell_started
                end(index)
            self.result.seconds = time.monotonic() - started
        finally:
            await self._kernels.stop()
        failures = [result.failure for result in self.result.cells if result.failure]
        if broken:
            self.result.verdict, self.result.reason = Verdict.SUBMISSION_BROKE, broken
        elif failures:
            raise ChecksFailed(failures[0], self.result.cells)
        return self.result

    # -- cells -------------------------------------------------------------------------------------------

    async def _one(self, index: int, cell: Cell, grade: GradeCell | None) -> str:
        """Run one code cell; the reason if the submission broke."""
        where = name_of(index, cell)
        cell["outputs"] = []
        if not self._kernels.student.alive:
            return f"The notebook's Python kernel was no longer running before {where}."
        if not grade and not cell["source"].strip():
            return ""
        deadline = self._grade_deadline if grade else self._student_deadline
        if time.monotonic() >= deadline:
            return self._out_of_time(where)
        self._count += 1
        cell["execution_count"] = self._count
        seconds = min(self._limits.cell_seconds, deadline - time.monotonic())
        broken = await (self._grade(where, cell, grade, seconds) if grade else self._do(where, cell, seconds))
        for output in cell["outputs"]:
            if output["output_type"] == "execute_result":
                output["execution_count"] = self._count
        return broken

    async def _do(self, where: str, cell: Cell, seconds: float) -> str:
        """Run one of the student's cells; the reason if the submission broke."""
        self._last = cell
        if self._module and (called := planting.calls(cell)):
            await self._plant(called, seconds)
        limit = max(SMALL, min(self._limits.output_bytes, NOTEBOOK_BYTES - self._kernels.student.kept))
        ending, cell["outputs"] = await self._kernels.student.execute(cell["source"], seconds, limit)
        if ending not in STOPS:
            return ""
        sentence = STOPS[ending].format(cell="this cell", seconds=seconds)
        cell["outputs"].append(error("Stopped", sentence))
        return "" if ending is CellEnding.STOPPED else STOPS[ending].format(cell=where, seconds=seconds)

    async def _plant(self, called: list[str], seconds: float) -> None:
        """Have the examiner plant what these set-ups hide, with the gateway shut, before the student's kernel asks."""
        try:
            async with self._kernels.gate.shut(seconds, planting=True), self._examining(answers=False):
                source = planting.source(self._module, called)
                ending, outputs = await self._kernels.examiner.execute(source, seconds, EXAMINER_BYTES)
            self._kernels.planting.add(planting.printed(ending, outputs))
        except (GateBroke, GraderBroke) as problem:
            self._unplanted = str(problem)
            if not self._kernels.examiner.alive:
                await self._kernels.replace_examiner()

    async def _grade(self, where: str, cell: Cell, grade: GradeCell, seconds: float) -> str:
        """Run one grade cell, with the gateway shut; the reason if the submission broke."""
        before = len(self.result.cells)
        if self._unplanted:
            result, cell["outputs"] = await self._not_judged(grade, self._unplanted)
            self.result.cells.append(result)
            self._unplanted = ""
            return ""
        try:
            async with self._kernels.gate.shut(seconds) as shut:
                if shut.cancelled and self._last:
                    self._last["outputs"].append(stream("\n".join(shut.cancelled) + "\n"))
                left = self._grade_deadline - time.monotonic()
                if left <= 0:
                    return self._out_of_time(where)
                if not shut.left:
                    return await self._look(where, cell, grade, min(seconds, left))
                # What the Engine still does could change what the check looks at.
                result, cell["outputs"] = grade_cells.prevented(grade, " ".join(shut.left))
                self.result.cells.append(result)
                return ""
        except GateBroke as problem:
            # It answered at the start: what wears it out is the submission. What the check saw does not count.
            del self.result.cells[before:]
            return f"{problem} So {where} could not be checked."

    async def _look(self, where: str, cell: Cell, grade: GradeCell, seconds: float) -> str:
        """Let the examiner look; the reason if the cell could not be judged because the submission broke."""
        async with self._examining(answers=True):
            ending, outputs = await self._kernels.examiner.execute(cell["source"], seconds, EXAMINER_BYTES)
        log_stderr(grade, outputs)
        try:
            if ending in STOPS:
                raise GraderBroke(STOPS[ending].format(cell=f"grade cell {grade.grade_id}", seconds=seconds))
            result = grade_cells.judge(grade, outputs)
        except GraderBroke as problem:
            if ending in (CellEnding.STOPPED, CellEnding.UNSTOPPABLE) and seconds < self._limits.cell_seconds:
                return self._out_of_time(where)
            if self._kernels.engine_answered and not await engine_answers():
                return f"The Docker Engine of this run no longer answered when {where} was to be checked."
            result, cell["outputs"] = await self._not_judged(grade, str(problem))
        else:
            cell["outputs"] = grade_cells.outputs_for_nbgrader(result, outputs)
        self.result.cells.append(result)
        return ""

    @contextlib.asynccontextmanager
    async def _examining(self, *, answers: bool) -> AsyncIterator[None]:
        """Let the student's processes stand still, with the names of the course's images put back.

        The examiner may ask the student's kernel for ``answers`` then.
        """
        await self._kernels.student.pause()
        self._kernels.answers.open = answers
        try:
            if self._kernels.tags:
                await asyncio.to_thread(self._restore_tags)
            yield
        finally:
            self._kernels.answers.open = False
            self._kernels.student.resume()

    async def _not_judged(self, grade: GradeCell, problem: str) -> tuple[CellResult, list[Output]]:
        """Return the result of a check that came to none: 0 points if a container of the student's is to blame."""
        if not self._kernels.examiner.alive:
            await self._kernels.replace_examiner()
        hanging = await hanging_container() if in_sandbox() and self._kernels.engine_answered else ""
        return grade_cells.not_judged(grade, problem, hanging)

    def _restore_tags(self) -> None:
        """Undo what the student did to the names of the course's images; a dead Engine is found out by the check."""
        assert self._kernels.tags
        from docker.errors import DockerException
        from requests.exceptions import RequestException

        with contextlib.suppress(DockerException, RequestException):
            self._kernels.tags.restore()

    def _out_of_time(self, where: str) -> str:
        return f"The time for the whole notebook, {self._limits.seconds:g} seconds, was used up before {where}."


STOPS = {
    CellEnding.STOPPED: "Stopped: {cell} ran longer than {seconds:.0f} seconds.",
    CellEnding.UNSTOPPABLE: "The Python kernel was stopped: {cell} ran longer than {seconds:.0f} seconds, "
    "and did not end when it was interrupted.",
    CellEnding.FLOODED: "The Python kernel was stopped: {cell} sent more than can be held.",
    CellEnding.DIED: "The Python kernel ended while {cell} ran.",
}
"""The endings that are not a cell's own, as sentences."""


def unusable(notebook: dict[str, Any]) -> str:
    """Why a notebook cannot be run, or nothing."""
    if not any(cell["cell_type"] == "code" for cell in notebook["cells"]):
        return "The notebook has no code cells, so there is nothing to run. Was an empty notebook handed in?"
    metadata = notebook["metadata"]
    spec, info = metadata.get("kernelspec", {}), metadata.get("language_info", {})
    language = spec.get("language") or info.get("name") or "python"
    if str(language).lower() not in ("python", "ipython"):
        name = shorten(str(spec.get("display_name") or language), 60)
        return (
            f"The notebook is set to the kernel “{name}”, but this course runs on Python: "
            "choose the kernel “Docker Fundamentals” in JupyterLab, save, and hand in again."
        )
    return ""


def name_of(index: int, cell: Cell) -> str:
    """Return a cell as people find it: its place in the notebook, counted from 1, and its first line."""
    lines = [line for line in cell["source"].splitlines() if line.strip()]
    first = shorten(lines[0], 60) if lines else ""
    return f"cell {index + 1} (“{first}”)" if first else f"cell {index + 1}"


def log_stderr(grade: GradeCell, outputs: list[Output]) -> None:
    """Put what a grade cell wrote to stderr into the log."""
    for output in outputs:
        if output["output_type"] == "stream" and output["name"] == "stderr":
            print(f"grade cell {grade.grade_id}: {output['text'][:LOG_BYTES]}", file=sys.stderr)


def new_run_value() -> str:
    """Return a run's random value, for a run that was given none."""
    return secrets.token_hex(6)
