"""Runs a notebook's cells in order, each in the kernel it belongs to, and comes to a verdict.

Who is to blame when something goes wrong:

- A student's cell raises, or is stopped by the time limit and obeys: the run goes on.
- The student's kernel dies, has to be killed, or the time for the whole run is used up: the *submission broke*.
  Marks up to there are kept, later grade cells are not reached and give 0.
- A grade cell raises, runs out of its own time, states no number of points, or the examiner's kernel dies: the
  *grader broke*, since a check has to cope with whatever it finds. No mark is recorded.
- But if a grade cell failed and the Docker Engine, which answered at the start, no longer does, or the time for the
  whole run is used up: the submission broke. Nothing but the submission's cells had the Engine and the time to itself.
- What the examiner writes to stderr (a library's warning) costs nobody marks; it goes to the log.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.engine import grading
from autograder.engine.answers import AnswerServer
from autograder.engine.grading import GradeCell, shorten
from autograder.engine.kernel import Ending, Kernel
from autograder.engine.outputs import Output, error
from autograder.engine.roles import ENGINE_SOCKET, EXAMINER, STUDENT, in_sandbox
from autograder.errors import GraderBroke
from autograder.results import CellResult, Limits, Verdict

Cell = dict[str, Any]
LOG_BYTES = 16 << 10
"""Bytes of an examiner's stderr that are logged per grade cell."""


@dataclass
class Result:
    """What a run came to."""

    verdict: Verdict = Verdict.GRADED
    reason: str = ""
    cells: list[CellResult] = field(default_factory=list)
    seconds: float = 0.0


class Conductor:
    """One run of one notebook. Cells get their outputs in place; their sources stay as they came."""

    def __init__(self, notebook: dict[str, Any], kernel_name: str, run: str, limits: Limits) -> None:
        self.result = Result()
        self._cells: list[Cell] = notebook.get("cells", [])
        self._kernel_name = kernel_name
        self._run_value = run
        self._limits = limits
        self._count = 0
        self._engine_answered = False
        self._started = time.monotonic()
        # The sandbox ends at limits.seconds, whatever runs: stop before, and leave time for the last check.
        self._grade_deadline = self._started + limits.seconds * 0.97
        self._student_deadline = self._grade_deadline - min(limits.cell_seconds, limits.seconds / 5)

    async def run(self, begin: Callable[[int], None], end: Callable[[int], None]) -> Result:
        """Run every cell, calling ``begin`` and ``end`` with the index of each. Raises GraderBroke."""
        broken = unusable(self._cells)
        grade_cells = [grading.grade_cell(cell) for cell in self._cells]
        directory = Path(tempfile.mkdtemp(prefix="dc-", dir="/run" if in_sandbox() else None))
        try:
            if not broken:
                await self._start(directory)
            started = time.monotonic()
            for index, (cell, grade) in enumerate(zip(self._cells, grade_cells, strict=True)):
                begin(index)
                if cell["cell_type"] == "code":
                    if not broken:
                        broken = await self._one(index, cell, grade)
                    if broken and grade and not self._judged(grade):
                        result, cell["outputs"] = grading.unreached(grade, broken)
                        self.result.cells.append(result)
                end(index)
            self.result.seconds = time.monotonic() - started
        finally:
            await self._stop()
            shutil.rmtree(directory, ignore_errors=True)
        if broken:
            self.result.verdict, self.result.reason = Verdict.SUBMISSION_BROKE, broken
        return self.result

    def _judged(self, grade: GradeCell) -> bool:
        return bool(self.result.cells) and self.result.cells[-1].grade_id == grade.grade_id

    # -- kernels -----------------------------------------------------------------------------------------

    async def _start(self, directory: Path) -> None:
        directory.chmod(0o711)
        places = {role.name: directory / role.name for role in (STUDENT, EXAMINER)}
        for role in (STUDENT, EXAMINER):
            places[role.name].mkdir(mode=0o700)
            if in_sandbox():
                os.chown(places[role.name], role.uid, role.uid)
        common = {"DOCKER_COURSE_RUN": self._run_value}
        self._student = Kernel(self._kernel_name, STUDENT.name, places[STUDENT.name], common)
        socket = places[EXAMINER.name] / "answers"
        self._examiner = Kernel(
            self._kernel_name,
            EXAMINER.name,
            places[EXAMINER.name],
            {**common, "DOCKER_COURSE_ANSWERS": str(socket)},
            trusted=True,
        )
        self._answers = AnswerServer(self._student, socket)
        await self._answers.start(EXAMINER.uid if in_sandbox() else None)
        await asyncio.gather(self._student.start(), self._examiner.start())
        self._engine_answered = await engine_answers()

    async def _stop(self) -> None:
        for name in ("_student", "_examiner", "_answers"):
            if hasattr(self, name):
                await getattr(self, name).close()

    # -- cells -------------------------------------------------------------------------------------------

    async def _one(self, index: int, cell: Cell, grade: GradeCell | None) -> str:
        """Run one code cell; the reason if the submission broke."""
        if not self._student.alive:
            return f"The notebook's Python kernel ended in the background, before {name_of(index, cell)}."
        if not grade and not cell["source"].strip():
            return ""
        self._count += 1
        cell["execution_count"] = self._count
        broken = await (self._grade(index, cell, grade) if grade else self._student_cell(index, cell))
        for output in cell["outputs"]:
            if output["output_type"] == "execute_result":
                output["execution_count"] = self._count
        return broken

    async def _student_cell(self, index: int, cell: Cell) -> str:
        left = self._student_deadline - time.monotonic()
        if left <= 0:
            return f"The time for the whole notebook, {self._limits.seconds:g} seconds, was used up before " + (
                f"{name_of(index, cell)}."
            )
        seconds = min(self._limits.cell_seconds, left)
        ending, cell["outputs"] = await self._student.execute(cell["source"], seconds, self._limits.output_bytes)
        if ending in (Ending.DONE, Ending.RAISED):
            return ""
        where = name_of(index, cell)
        if ending is Ending.STOPPED:
            sentence = f"This cell was stopped: it ran longer than {seconds:.0f} seconds."
            broken = ""
        elif ending is Ending.UNSTOPPABLE:
            sentence = f"The kernel was stopped: this cell ran longer than {seconds:.0f} seconds and did not end when asked."
            broken = f"The notebook's Python kernel had to be stopped: {where} ran longer than {seconds:.0f} seconds and did not end when asked to."
        elif ending is Ending.FLOODED:
            sentence = "The kernel was stopped: this cell sent more output than can be held."
            broken = f"The notebook's Python kernel had to be stopped: {where} sent more output than can be held."
        else:
            sentence = "The Python kernel ended while this cell ran."
            broken = f"The notebook's Python kernel ended while {where} ran."
        cell["outputs"].append(error("Stopped", sentence, [sentence]))
        return broken

    async def _grade(self, index: int, cell: Cell, grade: GradeCell) -> str:
        left = self._grade_deadline - time.monotonic()
        seconds = min(self._limits.cell_seconds, left)
        cell["outputs"] = []
        if left <= 0:
            return f"The time for the whole notebook, {self._limits.seconds:g} seconds, was used up."
        self._answers.open = True
        try:
            ending, outputs = await self._examiner.execute(cell["source"], seconds, self._limits.output_bytes)
        finally:
            self._answers.open = False
        log_stderr(grade, outputs)
        try:
            if ending not in (Ending.DONE, Ending.RAISED):
                raise GraderBroke(ENDINGS[ending].format(cell=grade.grade_id, seconds=seconds))
            result = grading.judge(grade, outputs)
        except GraderBroke as problem:
            if ending is not Ending.DONE and seconds < self._limits.cell_seconds and ending is not Ending.RAISED:
                return f"The time for the whole notebook, {self._limits.seconds:g} seconds, was used up."
            if self._engine_answered and not await engine_answers():
                return (
                    f"The Docker Engine of this run stopped answering before {name_of(index, cell)}, "
                    f"so nothing could be checked from there. ({shorten(str(problem))})"
                )
            raise
        self.result.cells.append(result)
        cell["outputs"] = grading.outputs_for_nbgrader(result, outputs)
        if not self._student.alive:
            return f"The notebook's Python kernel ended while it was asked for a value, in {name_of(index, cell)}."
        return ""


ENDINGS = {
    Ending.STOPPED: "Grade cell {cell} ran longer than {seconds:.0f} seconds.",
    Ending.UNSTOPPABLE: "Grade cell {cell} ran longer than {seconds:.0f} seconds and did not end when asked to.",
    Ending.DIED: "The examiner's kernel ended while grade cell {cell} ran.",
    Ending.FLOODED: "Grade cell {cell} sent more output than can be held.",
}


def unusable(cells: list[Cell]) -> str:
    """Why a notebook with these cells cannot be run, or nothing."""
    if not any(cell["cell_type"] == "code" for cell in cells):
        return "The notebook has no code cells, so there is nothing to run. Was an empty file handed in?"
    return ""


def name_of(index: int, cell: Cell) -> str:
    """A cell as people find it: its place in the notebook, counted from 1, and its first line."""
    lines = [line for line in cell["source"].splitlines() if line.strip()]
    first = shorten(lines[0], 60) if lines else ""
    return f"cell {index + 1} (“{first}”)" if first else f"cell {index + 1}"


def log_stderr(grade: GradeCell, outputs: list[Output]) -> None:
    """Put what a grade cell wrote to stderr into the log."""
    for output in outputs:
        if output["output_type"] == "stream" and output["name"] == "stderr":
            print(f"grade cell {grade.grade_id}: {output['text'][:LOG_BYTES]}", file=sys.stderr)


async def engine_answers(socket: Path = ENGINE_SOCKET) -> bool:
    """Whether the Docker Engine at ``socket`` answers a ping within 5 seconds."""
    writer = None
    try:
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_unix_connection(str(socket))
            writer.write(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            return b" 200 " in await reader.readline()
    except (OSError, TimeoutError, ValueError):
        return False
    finally:
        if writer:
            writer.close()


def new_run_value() -> str:
    """A run's random value, for a run that was given none."""
    return secrets.token_hex(6)
