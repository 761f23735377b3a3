"""Building what a student wrote down, as the student built it: the check's own proof that a Dockerfile works.

The student's directory is copied first, so that a check may change a file in it without touching the student's own.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import secrets
import shutil
import stat
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from docker import DockerClient
from docker.errors import APIError
from docker.utils.build import exclude_paths
from requests.exceptions import RequestException

from course import facts, run
from course.checks.check import Check
from course.checks.disturbing import declared
from course.facts import Image

BUILD_TIMEOUT: Final = 90
"""Seconds that a build may take: enough for packages over a slow line."""
_MAX_FILES, _MAX_BYTES = 500, 16 << 20
_SHOWN_LINES: Final = 3
_HISTORY_TIMEOUT: Final = 10
_OWNER: Final = "owner"
_STEP: Final = re.compile(r"^ ---> ([0-9a-f]{12})$", re.MULTILINE)
"""How the classic builder names the image that a step made."""
_FILES_SUM: Final = re.compile(r"\b(?:file|dir|multi):[0-9a-f]{64}\b")
"""How the classic builder writes down what a COPY took; it depends on the files' owner."""


class TooLarge(Exception):
    """The directory holds more than any exercise needs."""


@contextlib.contextmanager
def copied(directory: Path) -> Iterator[Path | None]:
    """Copy a directory, yield the copy's path, and remove it afterwards; None if it is not there or far too large.

    Only plain files and directories are taken. Links are not followed, whatever happens to them meanwhile.
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
    for root, folders, files, handle in os.fwalk(source, onerror=_raise):
        place = target / Path(root).relative_to(source)
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


def with_buildkit(image: Image) -> bool:
    """Tell whether BuildKit built the image: it leaves a note in the last step's row, the classic builder does not."""
    return bool(image.history) and image.history[-1].comment.startswith("buildkit")


@contextlib.contextmanager
def built(client: DockerClient, directory: Path, like: Image) -> Iterator[Image | str]:
    """Build a directory with the builder that built ``like`` (so its cache counts), yield the image, remove its name.

    Yields the last lines that the builder wrote if it does not build.
    """
    tag = f"{run.name('check')}:{secrets.token_hex(6)}"
    refusal = _by_command(directory, tag) if with_buildkit(like) else _by_request(client, directory, tag)
    image = facts.image(client, tag) if not refusal else None
    if image is None:
        yield refusal or "The builder made no image."
        return
    try:
        yield image
    finally:
        with contextlib.suppress(APIError):
            client.api.remove_image(tag)


def same_recipe(image: Image, rebuilt: Image) -> bool:
    """Tell whether two images came from the same steps: the same layers, or (without a cache) the same history."""
    if image.layers == rebuilt.layers:
        return True
    steps = [[_FILES_SUM.sub("", row.created_by) for row in each.history] for each in (image, rebuilt)]
    return steps[0] == steps[1]


def same_image(check: Check, demand: str, image: Image, rebuilt: Image | str, name: str) -> Image:
    """Return what the directory gave when it was built once more; stop if that is not the student's image."""
    if isinstance(rebuilt, str):
        check.stop(
            demand,
            f"The check built the directory once more, and that failed: {rebuilt}",
            "Somebody who has only this directory has to be able to build it.",
        )
    check.require(
        demand,
        same_recipe(image, rebuilt),
        f"The check built the directory once more, and it gives something else than {name}.",
        "Was a file in the directory changed after the build?",
        seen=f"The check built the directory once more, and it gives the image {name}.",
    )
    check.settle()
    return rebuilt


def _by_command(directory: Path, tag: str) -> str:
    """Build with BuildKit, which only the command speaks to; return its last lines if that failed."""
    try:  # `--load`, because a builder may keep its images to itself
        done = docker_build(directory, "--progress=plain", "--load", "--tag", tag)
    except subprocess.TimeoutExpired:
        return f"It was not built within {BUILD_TIMEOUT} seconds."
    except OSError:
        return "The check needs the command docker, and did not find it."
    finally:
        _forget(directory.name)
    return _last_lines(done.stdout + done.stderr) if done.returncode else ""


def docker_build(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run ``docker build`` with BuildKit.

    It has the settings of whoever runs the check: Docker Desktop finds its plug-ins and its Engine by them, and what is
    in the cache is in the builder that was used.

    Raises:
        OSError, subprocess.TimeoutExpired: there is no such command, or it takes too long.
    """
    declared("docker build")
    return subprocess.run(
        ["docker", "build", *options, str(directory)],
        env={**os.environ, "DOCKER_BUILDKIT": "1"},
        capture_output=True,
        text=True,
        timeout=BUILD_TIMEOUT,
        check=False,
    )


def _forget(name: str) -> None:
    """Remove the build of a directory of this name from BuildKit's history, where its steps and their output stand."""
    history = ["docker", "buildx", "history"]
    listed = _output_of([*history, "ls", "--no-trunc", "--format", "{{.Name}} {{.Ref}}"])
    for line in listed.splitlines():
        built_from, _, build = line.partition(" ")
        if built_from == name:
            _output_of([*history, "rm", build.rpartition("/")[2]])


def _output_of(command: list[str]) -> str:
    """Return what a command prints; nothing if it fails, as where buildx is too old to have a history."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_HISTORY_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _by_request(client: DockerClient, directory: Path, tag: str) -> str:
    """Build with the classic builder; return its last lines if that failed, and leave none of its steps then."""
    before = set(client.api.images(quiet=True, all=True))
    output: list[str] = []
    refusal = _listen(client, directory, tag, output)
    if refusal:
        for step in reversed(_STEP.findall("".join(output))):  # the last one takes those below it with it
            with contextlib.suppress(APIError):
                image = client.api.inspect_image(step)
                if image["Id"] not in before and not image["RepoTags"]:
                    client.api.remove_image(image["Id"])
    return refusal


def _listen(client: DockerClient, directory: Path, tag: str, output: list[str]) -> str:
    """Add to ``output`` what the classic builder says; return its last lines if it fails."""
    deadline = time.monotonic() + BUILD_TIMEOUT
    try:
        lines = client.api.build(
            fileobj=_context(directory), custom_context=True, tag=tag, rm=True, forcerm=True, decode=True
        )
        for line in lines:
            output.append(str(line.get("error") or line.get("stream") or ""))
            if "error" in line:
                return _last_lines("".join(output))
            if time.monotonic() > deadline:
                return f"It was not built within {BUILD_TIMEOUT} seconds."
    except (APIError, RequestException) as error:
        return _last_lines(str(error))
    return ""


def context_files(directory: Path) -> set[str]:
    """Return what the classic builder gets of a directory: all that ``.dockerignore`` lets through."""
    rules = directory / ".dockerignore"
    lines = rules.read_text("utf-8", "replace").splitlines() if rules.is_file() else []
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return set(exclude_paths(str(directory), patterns, dockerfile="Dockerfile"))


def _context(directory: Path) -> io.BytesIO:
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


def _last_lines(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-_SHOWN_LINES:])[:400] or "The builder wrote nothing."
