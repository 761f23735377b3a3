"""A student's directory as the context of a build: copied, so that a check may change a file in it, and packed."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import stat
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from docker.utils.build import PatternMatcher, exclude_paths

_MAX_FILES, _MAX_BYTES = 2000, 32 << 20
_MAX_RULES: Final = 64 << 10
_OWNER: Final = "owner"


class TooLarge(Exception):
    """The directory holds more than any exercise needs."""


@contextlib.contextmanager
def copied(directory: Path) -> Iterator[Path | None]:
    """Copy a directory, yield the copy's path, and remove it afterwards; None if it is not there or far too large.

    Only plain files and directories are taken. Links are not followed, whatever happens to them meanwhile. Directories
    that ``.dockerignore`` leaves out stay out: a virtual environment may be large.
    """
    place = Path(tempfile.mkdtemp(prefix="docker-course-"))
    target = place / place.name  # a name that no other build has: BuildKit's history is by the directory's
    try:
        try:
            target.mkdir()
            about = directory.stat()
            (place / _OWNER).write_text(f"{about.st_uid} {about.st_gid}", encoding="utf-8")
            _copy(directory, target)
        except (OSError, TooLarge):
            yield None
        else:
            yield target
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    count = size = 0
    ignored = _ignored(source)
    for root, folders, files, handle in os.fwalk(source, onerror=_raise):
        inside = Path(root).relative_to(source)
        place = target / inside
        folders[:] = [folder for folder in folders if not ignored((inside / folder).as_posix())]
        for folder in folders:
            about = os.stat(folder, dir_fd=handle, follow_symlinks=False)
            if stat.S_ISDIR(about.st_mode):
                (place / folder).mkdir()
                (place / folder).chmod(about.st_mode & 0o777 | 0o700)
        for file in files:
            try:  # O_NONBLOCK: a pipe would keep us waiting for its other end
                opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=handle)
            except OSError:
                continue
            with os.fdopen(opened, "rb") as content:
                about = os.fstat(opened)
                count, size = count + 1, size + about.st_size
                if count > _MAX_FILES or size > _MAX_BYTES:
                    raise TooLarge(f"{source} holds more than {_MAX_FILES} files or {_MAX_BYTES >> 20} MiB")
                if stat.S_ISREG(about.st_mode):
                    (place / file).write_bytes(content.read(_MAX_BYTES))
                    (place / file).chmod(stat.S_IMODE(about.st_mode) & 0o777)


def _raise(error: OSError) -> None:
    raise error


def _ignored(source: Path) -> Callable[[str], bool]:
    """Return a function that tells whether ``.dockerignore`` leaves out a directory and lets nothing below it in."""
    try:
        with os.fdopen(os.open(source / ".dockerignore", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            rules = _rules(file.read(_MAX_RULES).decode("utf-8", "replace"))
    except OSError:
        return lambda _: False
    if any(rule.startswith("!") for rule in rules):
        return lambda _: False
    return PatternMatcher(rules).matches


def _rules(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def context_files(directory: Path) -> set[str]:
    """Return what the classic builder gets of a directory: all that ``.dockerignore`` lets through."""
    rules = directory / ".dockerignore"
    patterns = _rules(rules.read_text("utf-8", "replace")) if rules.is_file() else []
    return set(exclude_paths(str(directory), patterns, dockerfile="Dockerfile"))


def packed(directory: Path) -> io.BytesIO:
    """Pack a directory as docker-py does, with the owner that the copy notes: the classic cache looks at owners."""
    owner, group = map(int, (directory.parent / _OWNER).read_text("utf-8").split())
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path in sorted(context_files(directory)):
            entry = archive.gettarinfo(str(directory / path), arcname=path)
            entry.uid, entry.gid = owner, group
            with (directory / path).open("rb") if entry.isfile() else io.BytesIO() as content:
                archive.addfile(entry, content)
    packed.seek(0)
    return packed
