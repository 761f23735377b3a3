"""Stop a long command on a signal, immediately and cleanly."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """A signal asked this process to end; the argument is its number."""


@contextmanager
def stopping(advice: str) -> Iterator[None]:
    """Let a signal end the block like an exception, so that all is put away; then end the process.

    It ends without waiting for threads: a sandbox in which one of them executes something ends by itself when this
    process is gone. ``advice`` is what a person reads then. The exit code is 128 plus the number of the signal.
    """
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def stop(number: int, _: Any) -> None:
        for other in before:
            signal.signal(other, signal.SIG_IGN)
        raise Stopped(number)

    for number, action in before.items():
        if action is not signal.SIG_IGN:  # as nohup sets it
            signal.signal(number, stop)
    try:
        yield
    except Stopped as stopped:
        print(f"Stopped by {signal.Signals(stopped.args[0]).name}. {advice}", file=sys.stderr, flush=True)
        sys.stdout.flush()
        os._exit(128 + stopped.args[0])
    finally:
        for number, action in before.items():
            signal.signal(number, action)
