"""A scratch directory in a course's root that is removed even if its process was killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = ".grading-"
LOCK = "lock"
"""The file in a scratch directory that its owner has locked; the kernel gives the lock up when the owner ends."""


@contextmanager
def scratch_directory(root: Path) -> Iterator[Path]:
    """Make a directory below ``root``, so that moving things from there into place is a rename.

    What killed processes left there is removed first; the directories of running ones stay.
    """
    remove_stale(root)
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))
        lock = _lock(path, fcntl.LOCK_EX)
        if lock is not None or path.is_dir():  # without a lock: on a file system that has none
            break
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def remove_stale(root: Path) -> None:
    """Remove the scratch directories below ``root`` that no running process owns."""
    for path in root.glob(f"{PREFIX}*"):
        if path.is_dir() and not path.is_symlink() and (lock := _lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB)) is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)


def _lock(directory: Path, how: int) -> int | None:
    """Lock a scratch directory; None if another process has it, or has just removed it."""
    with suppress(OSError):
        lock = os.open(directory / LOCK, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(lock, how)
            if os.fstat(lock).st_nlink:
                return lock
        except OSError:
            pass
        os.close(lock)
    return None
