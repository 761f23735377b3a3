"""Files and directories that a run makes beside its notebook."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from course import notebook, run


def folder(what: str) -> Path:
    """Return the path of one of this run's directories, below the notebook's."""
    return notebook.directory() / run.name(what)


def plant(what: str, files: Mapping[str, str]) -> Path:
    """Write files into one of this run's directories, and return its path.

    A file that is there keeps its text, because the student may have changed it; `course.reset` removes all.
    """
    place = folder(what)
    return write(what, {name: text for name, text in files.items() if not os.path.lexists(place / name)})


def write(what: str, files: Mapping[str, str]) -> Path:
    """Write files into one of this run's directories, in place of those there are, and return its path.

    Programs in containers can read them as other users.
    """
    place = folder(what)
    place.mkdir(exist_ok=True)
    place.chmod(0o755)
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o755)
        path.write_text(text, encoding="utf-8", newline="\n")
        path.chmod(0o644)
    return place


def remove(directory: Path, token: str) -> int:
    """Remove a run's files and directories, which have its token in their names; return how many there were."""
    ours = [entry for entry in directory.glob(f"*-{token}*") if entry.parent == directory]
    for entry in ours:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                entry.unlink()
    return sum(not os.path.lexists(entry) for entry in ours)
