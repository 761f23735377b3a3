"""The two kernels of a run, with what the examiner has beside its own: values of the student's, the images' names.

They may be started before the notebook is there: nothing in them depends on it but the run's word.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from autograder.errors import GraderBroke
from autograder.namespaces import mounts
from autograder.runner.answers import AnswerServer
from autograder.runner.blame import engine_answers
from autograder.runner.gate_client import CONTROL, GateBroke, GateClient
from autograder.runner.kernel import Kernel
from autograder.runner.planting import PLANTED, SEED, Planting
from autograder.runner.roles import EXAMINER, READABLE, STUDENT, in_sandbox
from autograder.runner.tags import CourseTags

PRELOADED = {STUDENT.name: ("docker", "course"), EXAMINER.name: ("docker", "course.checks")}
"""What each kernel imports before its first cell: what the cells import anyway, from the image's read-only files."""


class Kernels:
    """A student kernel and an examiner kernel.

    Args:
        kernel_name: of both.
        run: the run's word, in the environment of both.
    """

    def __init__(self, kernel_name: str, run: str) -> None:
        self.run = run
        self.engine_answered = False
        self.tags: CourseTags | None = None
        self.gate = GateClient(CONTROL if in_sandbox() else None)
        self._kernel_name = kernel_name
        self._directory: Path | None = None
        self._mounted: list[Path] = []
        self._parts: list[Kernel | AnswerServer] = []

    async def start(self) -> None:
        """Start both, if they do not run yet. Raises GraderBroke."""
        if self._directory:
            return
        self._directory = Path(tempfile.mkdtemp(prefix="dc-", dir="/run" if in_sandbox() else None))
        self._directory.chmod(0o711)
        places = {role.name: self._directory / role.name for role in (STUDENT, EXAMINER)}
        for role in (STUDENT, EXAMINER):
            places[role.name].mkdir(mode=0o700)
            if in_sandbox():
                # Of its own, so that a full directory of the student's does not fill the Engine's /run.
                options = f"size=1m,nr_inodes=64,mode=700,uid={role.uid},gid={role.uid}"
                mounts.mount("tmpfs", str(places[role.name]), "tmpfs", mounts.SAFE, options)
                self._mounted.append(places[role.name])
        readable = self._directory / READABLE
        readable.mkdir(mode=0o755)
        self.planting = Planting(places[EXAMINER.name], readable)
        common = {"DOCKER_COURSE_RUN": self.run}
        self.engine_answered = await engine_answers()
        socket, images = places[EXAMINER.name] / "answers", places[EXAMINER.name] / "images.json"
        self._examiners = {**common, "DOCKER_COURSE_ANSWERS": str(socket), SEED: str(self.planting.seed)}
        if in_sandbox() and self.engine_answered:
            self._examiners["DOCKER_COURSE_IMAGES"] = str(images)
        students = {**common, PLANTED: str(self.planting.values)}
        self.student = Kernel(self._kernel_name, STUDENT.name, places[STUDENT.name], students)
        self.answers = AnswerServer(self.student, socket)
        self._parts = [self.student, self.answers]
        await self.answers.start(EXAMINER.uid if in_sandbox() else None)
        await asyncio.gather(
            self._start_student(), self._start_examiner(places[EXAMINER.name]), self._note_images(images)
        )
        try:
            await self.gate.open()
        except GateBroke as problem:
            raise GraderBroke(str(problem)) from problem

    async def replace_examiner(self) -> None:
        """Start another examiner's kernel where the first has ended."""
        await self._start_examiner(self.examiner.directory)

    async def stop(self) -> None:
        """End both, and put away what they had."""
        await asyncio.gather(*(part.close() for part in self._parts))
        for place in self._mounted:
            mounts.unmount(str(place))
        if self._directory:
            shutil.rmtree(self._directory, ignore_errors=True)

    async def _start_student(self) -> None:
        await self.student.start()
        self.student.preload(PRELOADED[STUDENT.name])

    async def _start_examiner(self, place: Path) -> None:
        self.examiner = Kernel(self._kernel_name, EXAMINER.name, place, self._examiners, trusted=True)
        self._parts.append(self.examiner)
        await self.examiner.start()
        self.examiner.preload(PRELOADED[EXAMINER.name])

    async def _note_images(self, path: Path) -> None:
        """Note the course images' IDs, before anything of the student's runs."""
        if in_sandbox() and self.engine_answered:
            self.tags = await asyncio.to_thread(CourseTags)
            self.tags.write(path)
