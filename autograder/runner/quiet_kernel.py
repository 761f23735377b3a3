"""ipykernel without its TCP port, for the examiner: ``python -m autograder.runner.quiet_kernel -f FILE``.

An ordinary ipykernel listens on a port of 127.0.0.1, whatever its transport, so that processes it forks can send it
their output. The student's kernel shares that address. It would not know the port's password, but the kernel reads
without limit what comes there and writes each wrong message to its log: enough to keep the examiner from its work.
"""

from __future__ import annotations

from typing import Any

from ipykernel import kernelapp
from ipykernel.iostream import IOPubThread


class OwnOutput(IOPubThread):
    """Sends what this process writes; opens no port for others."""

    def __init__(self, socket: Any, pipe: bool = False, session: Any = None) -> None:
        super().__init__(socket, pipe=False, session=session)


if __name__ == "__main__":
    kernelapp.IOPubThread = OwnOutput  # type: ignore[attr-defined]
    kernelapp.launch_new_instance()
