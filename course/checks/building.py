"""Building what a student wrote down, as the student built it: the check's own proof that a Dockerfile works."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from docker import DockerClient
from docker.errors import APIError
from requests.exceptions import RequestException

from course import facts, run
from course.checks.check import Check
from course.checks.contexts import context_files, copied, packed
from course.checks.disturbing import declared
from course.facts import HistoryEntry, Image

__all__ = ["built", "context_files", "copied", "docker_build", "same_image", "same_recipe", "with_buildkit"]

BUILD_TIMEOUT: Final = 240
"""Seconds that a build may take: enough for packages over a slow line, or on a busy machine."""
_SHOWN_LINES: Final = 3
_HISTORY_TIMEOUT: Final = 10
_STEP: Final = re.compile(r"^ ---> ([0-9a-f]{12})$", re.MULTILINE)
"""How the classic builder names the image that a step made."""
_SHELL: Final = r"/\S*sh (?:-\w+ (?:\w+ )?)*?-\w*c "
"""A step's shell, such as ``/bin/sh -c``, or ``/bin/bash -o pipefail -c``."""
_ARGUMENTS: Final = re.compile(rf"\|\d+ .*?(?={_SHELL})")
"""How both builders write down, before a step and its shell, the build arguments that it was given."""
_ARGUMENT: Final = re.compile(rf"(?:/bin/sh -c #\(nop\)\s+)?ARG (.+)|(?:RUN )?\|\d+ (.+?) {_SHELL}", re.DOTALL)
"""How both builders write down build arguments; the classic one has the value that was given only in the second way."""
_NOTE: Final = re.compile(r"(/bin/sh -c #\(nop\)\s+)?(LABEL|ARG)\b")
_FILES_SUM: Final = re.compile(r"\b(?:file|dir|multi):[0-9a-f]{64}\b")
"""How the classic builder writes down what a COPY took; it depends on the files' owner."""


def with_buildkit(image: Image) -> bool:
    """Tell whether BuildKit built the image: it leaves a note in the last step's row, the classic builder does not."""
    return bool(image.history) and image.history[-1].comment.startswith("buildkit")


@contextlib.contextmanager
def built(
    client: DockerClient, directory: Path, like: Image, *, lend: Mapping[str, Path] | None = None
) -> Iterator[Image | str]:
    """Build a directory with the builder that built ``like`` (so its cache counts), yield the image, remove its name.

    Yields the last lines that the builder wrote if it does not build. With ``lend``, files by the ID of the secret
    mount that they are lent to, nothing is taken from the cache. Build arguments are those of ``like``.
    """
    tag = f"{run.name('check')}:{secrets.token_hex(6)}"
    if with_buildkit(like):
        options = [] if lend is None else ["--no-cache"]
        options += [f"--build-arg={name}={value}" for name, value in arguments(like).items()]
        options += [f"--secret=id={id},src={file}" for id, file in (lend or {}).items()]
        refusal = _by_command(directory, tag, *options)
    else:
        refusal = _by_request(client, directory, tag, nocache=lend is not None, buildargs=arguments(like))
    image = facts.image(client, tag) if not refusal else None
    if image is None:
        yield refusal or "The builder made no image."
        return
    try:
        yield image
    finally:
        with contextlib.suppress(APIError):
            client.api.remove_image(tag)


def arguments(image: Image) -> dict[str, str]:
    """Return the build arguments in an image's history, as far as their values have no spaces."""
    found: dict[str, str] = {}
    for row in image.history:
        if match := _ARGUMENT.match(row.created_by):
            words = (match[1] or match[2]).split()
            found.update(word.split("=", 1) for word in words if "=" in word)  # type: ignore[misc]
    return found


def same_recipe(image: Image, rebuilt: Image) -> bool:
    """Tell whether two images came from the same steps: the same layers, or (without a cache) the same history."""
    if image.layers == rebuilt.layers:
        return True
    steps = [list(filter(None, map(_plain, each.history))) for each in (image, rebuilt)]
    return steps[0] == steps[1]


def _plain(row: HistoryEntry) -> str:
    """Return a step without what depends on build arguments and owners; nothing if it only notes something."""
    return "" if _NOTE.match(row.created_by) else _ARGUMENTS.sub("", _FILES_SUM.sub("", row.created_by))


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


def _by_command(directory: Path, tag: str, *options: str) -> str:
    """Build with BuildKit, which only the command speaks to; return its last lines if that failed."""
    try:  # `--load`, because a builder may keep its images to itself
        done = docker_build(directory, "--progress=plain", "--load", "--tag", tag, *options)
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


def _by_request(client: DockerClient, directory: Path, tag: str, **options: Any) -> str:
    """Build with the classic builder; return its last lines if that failed, and leave none of its steps then."""
    before = set(client.api.images(quiet=True, all=True))
    output: list[str] = []
    refusal = _listen(client, directory, tag, output, **options)
    if refusal:
        for step in reversed(_STEP.findall("".join(output))):  # the last one takes those below it with it
            with contextlib.suppress(APIError):
                image = client.api.inspect_image(step)
                if image["Id"] not in before and not image["RepoTags"]:
                    client.api.remove_image(image["Id"])
    return refusal


def _listen(client: DockerClient, directory: Path, tag: str, output: list[str], **options: Any) -> str:
    """Add to ``output`` what the classic builder says; return its last lines if it fails."""
    deadline = time.monotonic() + BUILD_TIMEOUT
    try:
        lines = client.api.build(
            fileobj=packed(directory), custom_context=True, tag=tag, rm=True, forcerm=True, decode=True, **options
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


def _last_lines(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-_SHOWN_LINES:])[:400] or "The builder wrote nothing."
