"""Sandboxes that are booted ahead: a submission finds one in which two kernels run, uses it, and it is gone.

None is used twice. This process holds a pipe to each (`autograder.sandbox.Sandbox`), so that none outlives it.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from autograder.errors import SandboxError
from autograder.gradebook.execution import waited
from autograder.gradebook.ready import ReadySandbox
from autograder.results import Execution, Job, Limits


class Pool:
    """Boots sandboxes while it is open; when it is left, all of them are gone.

    Args:
        expected: how many jobs are to come. One that comes beyond these waits for its sandbox to boot.
        size: how many sandboxes boot, or wait for a job, at the same time.
        limits: of each execution. A job with others gets a sandbox of its own, and waits for it.
        word: the random value of each sandbox; one of its own if none is given.
    """

    def __init__(self, expected: int, size: int, limits: Limits | None = None, word: str | None = None) -> None:
        self.limits = limits or Limits()
        self._word = word
        self._left = expected
        self._size = size
        self._lock = threading.Lock()
        self._ahead: list[Future[ReadySandbox]] = []
        self._open: set[ReadySandbox] = set()
        self._closed = False
        self._threads = ThreadPoolExecutor(2 * size, "pool")

    def __enter__(self) -> Self:
        with self._lock:
            self._fill()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        # Who was stopped does not wait: what is still there ends with this process.
        self._threads.shutdown(wait=kind is None or issubclass(kind, Exception))

    def end(self) -> None:
        """Have all sandboxes removed, those in use too: whoever waits for one is told that it has ended."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for future in self._ahead:
                future.cancel()
            for ready in self._open:
                self._threads.submit(ready.close)

    def run(self, job: Job) -> Execution:
        """Execute a job in a sandbox of the pool, with that sandbox's random value; errors as for `run_in_sandbox`."""
        began = time.monotonic()
        ready = self._take(job.limits)
        wait = time.monotonic() - began
        try:
            return waited(ready.run(job), wait)
        finally:
            self._put_away(ready)

    def _take(self, limits: Limits) -> ReadySandbox:
        """Return a sandbox that nothing has run in, and have the next one booted."""
        while limits == self.limits and (future := self._next()):
            ready = future.result()
            if ready.waits:
                return ready
            self._put_away(ready)
        return self._boot(limits)

    def _next(self) -> Future[ReadySandbox] | None:
        """Return one that has booted, else one that boots; None if there is none."""
        with self._lock:
            ahead = sorted(self._ahead, key=lambda future: not future.done())
            if ahead:
                self._ahead.remove(ahead[0])
            self._left = max(0, self._left - 1)
            self._fill()
        return ahead[0] if ahead else None

    def _fill(self) -> None:
        while not self._closed and len(self._ahead) < min(self._size, self._left):
            self._ahead.append(self._threads.submit(self._boot, self.limits))

    def _boot(self, limits: Limits) -> ReadySandbox:
        if self._closed:
            raise SandboxError("The batch has ended.")
        ready = ReadySandbox(limits, self._word, ahead=True)
        ready.open()
        with self._lock:
            closed = self._closed
            self._open.add(ready)
        if closed:
            ready.close()
            raise SandboxError("The batch has ended.")
        return ready

    def _put_away(self, ready: ReadySandbox) -> None:
        """Remove a sandbox, while the next submission runs."""
        with self._lock:
            self._open.discard(ready)
            if not self._closed:
                self._threads.submit(ready.close)
