"""The gateway's audit log: a JSON line with the verdict on each request, without content or query values."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

MAX_BYTES = 4 * 2**20
"""Of each of the two files: the first keeps the beginning, the second the latest lines."""


class Audit:
    """An append-only log of bounded size.

    ``audit.jsonl`` is written until it is full and then never again, so that no flood of requests can push out what
    came before; later lines go to ``audit-latest.jsonl``, which starts again whenever it is full.
    """

    def __init__(self, folder: Path) -> None:
        self._latest = folder / "audit-latest.jsonl"
        self._file = _open(folder / "audit.jsonl")
        self._size = 0

    def write(self, **entry: object) -> None:
        """Append one line. A full disk costs the line, not the request."""
        line = json.dumps({"time": round(time.time(), 3), **entry}, separators=(",", ":")).encode() + b"\n"
        if self._size + len(line) > MAX_BYTES:
            os.close(self._file)
            self._file = _open(self._latest)
            self._size = 0
        try:
            os.write(self._file, line)
        except OSError:
            return
        self._size += len(line)


def _open(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o640)
