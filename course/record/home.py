"""The recorder on a student's own Engine: a thread of the notebook's kernel, which ends with it.

Each kernel writes files of its own, so that several do not get into each other's way; a reader puts them together. A
file tells from when to when it knows everything. What happened while no kernel ran, or while the Engine was out of
reach, is not known, unless the Engine still remembers it when the next recorder begins. A machine that sleeps makes no
gap: its Engine sleeps too.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import docker
import platformdirs
from docker.errors import DockerException
from requests.exceptions import RequestException

from course.record.recorder import Journal

MAX_BYTES: Final = 4 << 20
"""Size of one file; then the next is begun."""
MAX_FILES: Final = 32
"""Files that are kept, the newest."""
MAX_TOTAL: Final = 16 << 20
"""Bytes that are kept, the newest."""
_SPARE: Final = 64 << 10
PAUSE: Final = 1.0
"""Seconds until an Engine that has gone is looked for again."""

_threads: dict[str, threading.Thread] = {}


def begin(address: str, connect: Callable[[], docker.DockerClient]) -> None:
    """Begin to record what the Engine at ``address`` does, unless this process does so already.

    ``connect`` makes the recorder's own connection. Where ``DOCKER_COURSE_RECORD`` is set, nothing is recorded here.
    """
    if "DOCKER_COURSE_RECORD" in os.environ or (address in _threads and _threads[address].is_alive()):
        return
    arguments = (connect, time.time_ns())
    _threads[address] = threading.Thread(target=_record, args=arguments, daemon=True, name="docker-course record")
    _threads[address].start()


def directory_of(about: Mapping[str, Any]) -> Path:
    """Return the directory of an Engine's records, below the user's state directory; ``about`` is its ``/info``."""
    engine = re.sub(r"[^A-Za-z0-9]", "", str(about.get("ID") or "")) or "engine"
    return platformdirs.user_state_path("docker-course") / "record" / engine[:64]


def _record(connect: Callable[[], docker.DockerClient], since: int) -> None:
    while True:
        with contextlib.suppress(DockerException, RequestException, OSError, ValueError):
            client = connect()
            listen(client.api.events(since="1"), directory_of(client.info()), since)
        time.sleep(PAUSE)
        since = time.time_ns()


def listen(chunks: Any, directory: Path, since: int) -> None:
    """Write down what comes from the Engine, until it ends; ``since`` is when it was asked for."""
    directory.mkdir(parents=True, exist_ok=True)
    journal = _new(directory, since)
    try:
        for chunk in chunks:
            journal.take(chunk, time.time_ns())
            if journal.room < _SPARE and journal.between_events:
                journal.close()
                journal = _new(directory, journal.seen)
    finally:
        journal.close()


def _new(directory: Path, since: int) -> Journal:
    tidy(directory)
    return Journal(str(directory / f"{time.time_ns()}-{os.getpid()}"), since, max_bytes=MAX_BYTES)


def tidy(directory: Path) -> None:
    """Remove the oldest files, so that another one may come."""
    total = 0
    for number, path in enumerate(sorted(directory.glob("*.jsonl"), reverse=True), 1):
        with contextlib.suppress(OSError):  # another kernel may do the same
            total += path.stat().st_size
            if number >= MAX_FILES or total > MAX_TOTAL - MAX_BYTES:
                path.unlink()
                path.with_suffix(".seen").unlink(missing_ok=True)
