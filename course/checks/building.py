"""Building what a student wrote down, as the student built it: the check's own proof that a Dockerfile works.

The student's directory is copied first, so that a check may change a file in it without touching the student's own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from docker import DockerClient
from docker.errors import APIError, NotFound

from course import facts, run
from course.facts import Image

SECONDS: Final = 90
"""How long a build may take: enough for packages over a slow line."""
_FILES, _BYTES = 500, 16 << 20
_LINES: Final = 3


class TooLarge(Exception):
    """The directory holds more than any exercise needs."""


@contextlib.contextmanager
def copied(directory: Path) -> Iterator[Path | None]:
    """Copy a directory, yield the copy's path, and remove it afterwards; None if it is not there or far too large.

    Only plain files and directories are taken. Links are not followed, whatever happens to them meanwhile.
    """
    target = Path(tempfile.mkdtemp(prefix="docker-course-"))
    try:
        try:
            _copy(directory, target)
        except (OSError, TooLarge):
            yield None
        else:
            yield target
    finally:
        shutil.rmtree(target, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    count = size = 0
    for root, folders, files, handle in os.fwalk(source, onerror=_raise):
        place = target / Path(root).relative_to(source)
        for folder in folders:
            if not stat.S_ISLNK(os.stat(folder, dir_fd=handle, follow_symlinks=False).st_mode):
                (place / folder).mkdir()
        for file in files:
            try:  # O_NONBLOCK: a pipe would keep us waiting for its other end
                opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=handle)
            except OSError:
                continue
            with os.fdopen(opened, "rb") as content:
                about = os.fstat(opened)
                count, size = count + 1, size + about.st_size
                if count > _FILES or size > _BYTES:
                    raise TooLarge(f"{source} holds more than {_FILES} files or {_BYTES >> 20} MiB")
                if stat.S_ISREG(about.st_mode):
                    (place / file).write_bytes(content.read(_BYTES))
                    (place / file).chmod(stat.S_IMODE(about.st_mode) & 0o777)


def _raise(error: OSError) -> None:
    raise error


def with_buildkit(image: Image) -> bool:
    """Tell whether BuildKit built the image: it leaves a note in the last step's row, the classic builder does not."""
    return bool(image.history) and image.history[-1].comment.startswith("buildkit")


@contextlib.contextmanager
def built(client: DockerClient, directory: Path, like: Image, *options: str) -> Iterator[Image | str]:
    """Build a directory with the builder that built ``like`` (so its cache counts), yield the image, remove its name.

    Yields the last lines of what the builder said if it does not build.
    """
    tag = f"{run.name('check')}:{directory.name[-8:].lower().replace('_', '-')}-{os.urandom(4).hex()}"
    builder = "1" if with_buildkit(like) else "0"
    with tempfile.TemporaryDirectory(prefix="docker-course-") as home:
        # Settings of the command's own user stay out of it, and so does a builder whose images stay elsewhere.
        settings = {"DOCKER_BUILDKIT": builder, "BUILDX_BUILDER": "default", "DOCKER_CONFIG": home}
        line = ["docker", "build", "--force-rm", *options, "--tag", tag, str(directory)]
        if builder == "1":
            line.remove("--force-rm")
        try:
            done = subprocess.run(
                line,
                env={**os.environ, **settings},
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            yield f"It was not built within {SECONDS} seconds."
            return
        except OSError:
            yield "The check needs the command docker, and did not find it."
            return
    image = facts.image(client, tag) if done.returncode == 0 else None
    if image is None:
        lines = [text.strip() for text in (done.stdout + done.stderr).splitlines() if text.strip()]
        yield " / ".join(lines[-_LINES:])[:400] or "The builder says nothing."
        return
    try:
        yield image
    finally:
        with contextlib.suppress(NotFound, APIError):
            client.api.remove_image(tag)


def same_recipe(image: Image, rebuilt: Image) -> bool:
    """Tell whether two images came from the same steps: the same layers, or (without a cache) the same history."""
    if image.layers == rebuilt.layers:
        return True
    return [row.created_by for row in image.history] == [row.created_by for row in rebuilt.history]
