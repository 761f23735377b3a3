"""The runs of this user's notebooks: a small file for each notebook, below the user's state directory."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import platformdirs

from course.errors import CourseError

TOKEN: Final = re.compile(r"[a-z0-9]{6,16}")
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without l, o, 0 and 1, which people misread
_COPY = re.compile(r"(-Copy\d+| ?\(\d+\)| copy( \d+)?)+$")


@dataclass(frozen=True)
class Run:
    """One notebook's run."""

    token: str
    """The word in the names of what belongs to it: 6 to 16 lower-case letters and digits."""
    notebook: str
    """Absolute path of the notebook, or of the directory if there is no notebook."""
    began: float
    """When, in seconds since 1970: nothing of this run is older."""

    @property
    def lesson(self) -> str:
        """The notebook's name without what marks a copy: ``part2`` for ``part2-Copy1.ipynb``."""
        return _COPY.sub("", Path(self.notebook).stem)


def new_token() -> str:
    """Return a new word for a run, which nobody else has."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def directory() -> Path:
    """Return where the files are."""
    return platformdirs.user_state_path("docker-course") / "runs"


def find(notebook: Path) -> Run | None:
    """Return the run of a notebook, or ``None`` if it has none."""
    return _read(_file(notebook))


def make(notebook: Path) -> Run:
    """Return the notebook's run, a new one if it has none; if two processes ask at once, both get the same."""
    return find(notebook) or keep(Run(new_token(), str(notebook), time.time()), replace=False)


def keep(run: Run, *, replace: bool = True) -> Run:
    """Write a run down as that of its notebook and return the one that is kept.

    If ``replace`` is false and another process was faster, its run is kept.

    Raises:
        CourseError: it cannot be written down.
    """
    with _writing():
        return _keep(run, replace=replace)


def end(notebook: Path) -> None:
    """Forget a notebook's run; raises CourseError if its file cannot be removed."""
    with _writing():
        _file(notebook).unlink(missing_ok=True)


def known() -> list[Run]:
    """Return all runs, the newest first."""
    runs = [run for file in directory().glob("*.json") if (run := _read(file))]
    return sorted(runs, key=lambda run: run.began, reverse=True)


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CourseError(
            f"This notebook's run cannot be written down in {directory()}: {error.strerror}. Make this directory "
            "writable, or start Jupyter with the variable XDG_STATE_HOME set to one that is."
        ) from None


def _keep(run: Run, *, replace: bool) -> Run:
    file = _file(Path(run.notebook))
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_suffix(f".{secrets.token_hex(4)}")
    draft.write_text(json.dumps(asdict(run)), encoding="utf-8")
    if not replace:
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
        if kept := _read(file):
            return kept
        return _keep(run, replace=True)  # what was there is no run's file
    draft.replace(file)
    return run


def _file(notebook: Path) -> Path:
    return directory() / f"{hashlib.sha256(str(notebook).encode(errors='surrogateescape')).hexdigest()[:32]}.json"


def _read(file: Path) -> Run | None:
    """Return what a file says; a damaged file is none."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        run = Run(str(data["token"]), str(data["notebook"]), float(data["began"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return run if TOKEN.fullmatch(run.token) else None
