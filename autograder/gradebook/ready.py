"""A sandbox whose kernels run and wait for a notebook."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import IO, Self

from pydantic import ValidationError

from autograder.errors import GraderBroke
from autograder.results import CellProgress, Execution, Job, Limits
from autograder.sandbox import Sandbox

RUNNER = ("/opt/docker-course/venv/bin/python", "-m", "autograder.runner")
"""The command inside a sandbox that reads a Job from its standard input and writes an Execution."""

Watch = Callable[[CellProgress], None]


def new_run() -> str:
    """Return a random value for a run."""
    return secrets.token_hex(6)


class ReadySandbox:
    """A sandbox for one notebook: entered when it has booted, while its kernels start; gone when left.

    Args:
        limits: of the execution.
        run: its random value.
        watch: called at each cell's start and end, from a thread of its own.
        ahead: the wall clock begins with `run`, and not when it boots.

    Raises:
        SandboxError: it could not be started.
    """

    def __init__(
        self, limits: Limits, run: str | None = None, watch: Watch | None = None, *, ahead: bool = False
    ) -> None:
        self.limits = limits
        self.word = run or new_run()
        self._ahead = ahead
        self._box = Sandbox(limits, ahead=ahead)
        self._runner = Runner(self._box, self.word, watch)

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> None:
        """Boot it; for who cannot use a ``with``."""
        self._box.__enter__()
        self._runner.start()

    def close(self) -> None:
        """Remove it."""
        self._box.close()
        self._runner.close()

    @property
    def name(self) -> str:
        """Name of its container."""
        return self._box.name

    @property
    def waits(self) -> bool:
        """Whether it is still there to be used."""
        return self._runner.waits and self._box.alive(0)

    def run(self, job: Job) -> Execution:
        """Execute a job, with this sandbox's random value.

        Raises:
            GraderBroke: the sandbox gave no result that can be read; the message ends with what it wrote last.
            SandboxEnded, TimeLimit: it did not outlast the notebook, or the notebook its time.
        """
        if self._ahead:
            self._box.begin()
        return self._runner.run(job)


class Runner:
    """The process in a sandbox that starts two kernels, and executes a job in them.

    Args:
        box: a sandbox.
        run: the run's random value.
        watch: called at each cell's start and end, from a thread of its own.
    """

    def __init__(self, box: Sandbox, run: str, watch: Watch | None = None) -> None:
        self._box = box
        self._command = [*RUNNER, f"--run={run}"]
        self._run = run
        self._watch = watch
        self._lines: IO[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        if self._watch is None:
            self._running = self._box.start(self._command, "root")
            return
        reader, writer = os.pipe()
        self._lines = os.fdopen(reader, "rb")
        with os.fdopen(writer, "wb") as output:
            self._running = self._box.start([*self._command, "--progress"], "root", output)

    def close(self) -> None:
        """Free the connection to it; harmless after its end."""
        with self._running.process as process:
            process.kill()

    @property
    def waits(self) -> bool:
        """Whether it waits for a job: one whose kernels did not start has ended."""
        return self._running.process.poll() is None

    def run(self, job: Job) -> Execution:
        """Execute a job; raises what `ReadySandbox.run` raises."""
        began = time.monotonic()
        asked = job.model_copy(update={"run": self._run}).model_dump_json().encode()
        if self._watch is None or self._lines is None:
            done = self._box.finish(self._running, asked)
            result = done.stdout
        else:
            with ThreadPoolExecutor(1) as pool:
                following = pool.submit(_follow, self._lines, self._watch)
                done = self._box.finish(self._running, asked)
                result = following.result()
        try:
            execution = Execution.model_validate_json(result)
        except ValidationError as error:
            last = done.stderr.decode(errors="replace").strip()[-2000:] or "(it wrote nothing)"
            raise GraderBroke(
                f"The execution ended with status {done.returncode} and without a result. It wrote last:\n{last}"
            ) from error
        around = max(0.0, time.monotonic() - began - execution.seconds)
        return execution.model_copy(update={"timings": execution.timings.model_copy(update={"around": around})})


def _follow(lines: IO[bytes], watch: Watch) -> bytes:
    """Hand on each line that is progress as it comes; return the one that is not, the result."""
    result = b""
    with lines:
        for line in lines:
            try:
                progress = CellProgress.model_validate_json(line)
            except ValidationError:
                result = line
            else:
                watch(progress)
    return result
