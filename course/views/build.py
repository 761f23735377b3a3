"""A build, line by line: what was taken from the cache, what was carried out, and how long that took."""

from __future__ import annotations

import subprocess
from os import PathLike
from pathlib import Path
from typing import Final

import docker
from docker.errors import APIError, BuildError

from course.engine import connect
from course.errors import CourseError
from course.facts.build_steps import Build, BuildStep, from_buildkit, from_classic
from course.views.svg import INK, Picture

_FILLS: Final = {"cached": "#9ecbff", "ran": "#ffd58a", "failed": "#ffb3a7"}
_BORDERS: Final = {"cached": "", "ran": "6 3", "failed": "2 3"}
"""Each state has a border of its own, and a word: colour alone must not tell."""
_WORDS: Final = {"base": "the base", "cached": "from the cache", "failed": "failed", "waiting": "not begun"}
_GREY: Final = "#d0d7de"
_ROW, _TOP, _BAR = 34, 44, 150
_MAX: Final = 24
_MAX_LETTERS: Final = 200


def build(
    tag: str,
    path: str | PathLike[str] = ".",
    *,
    dockerfile: str = "Dockerfile",
    target: str = "",
    client: docker.DockerClient | None = None,
) -> Picture:
    """Build the directory ``path`` as the image ``tag``, and draw what became of each line of its Dockerfile.

    ``dockerfile`` is the file's name in that directory, ``target`` the stage at which to stop. Raises `CourseError`
    with the builder's last lines if the build fails.
    """
    place = Path(path)
    if not (place / dockerfile).is_file():
        raise CourseError(f"There is no {dockerfile} in {place.resolve()}.")
    if _has_buildkit():
        outcome = _with_buildkit(tag, place, dockerfile, target)
    else:
        outcome = _with_classic(client or connect(), tag, place, dockerfile, target)
    if outcome.error:
        raise CourseError("\n".join([f"The build failed: {outcome.error}", *outcome.last_lines]))
    return draw(outcome, tag)


def draw(outcome: Build, tag: str) -> Picture:
    """Draw a build that has ended."""
    steps, left_out = outcome.steps[:_MAX], len(outcome.steps) - _MAX
    stages = list(dict.fromkeys(step.stage for step in steps if step.stage))
    height = _TOP + (len(steps) + len(stages)) * _ROW + (24 if left_out > 0 else 8)
    longest = max((step.seconds for step in steps), default=0.0)
    picture = Picture(760, height, f"Build of {tag}", _tell(outcome))
    picture.text(10, 24, _summary(outcome), bold=True, anchor="start", room=740)
    y, stage = float(_TOP), ""
    for step in steps:
        if step.stage != stage:
            stage = step.stage
            picture.text(10, y + 22, _stage(stage), bold=True, anchor="start", room=500)
            y += _ROW
        picture.box(10, y, 520, 26, _FILLS.get(step.state, _GREY), dashes=_BORDERS.get(step.state, ""))
        picture.text(20, y + 18, _one_line(step), fill=INK, anchor="start", room=500)
        picture.text(540, y + 18, _word(step), anchor="start", size=12)
        if step.state == "ran" and longest:
            picture.box(620, y + 6, max(step.seconds / longest * 130, 1), 14, _FILLS["ran"])
        y += _ROW
    if left_out > 0:
        picture.text(10, height - 8, f"… and {left_out} more", anchor="start", size=11)
    return picture


def _has_buildkit() -> bool:
    try:
        found = subprocess.run(["docker", "buildx", "version"], capture_output=True, check=False)
    except OSError:
        return False
    return found.returncode == 0


def _with_buildkit(tag: str, path: Path, dockerfile: str, target: str) -> Build:
    command = ["docker", "build", "--progress=rawjson", "--file", str(path / dockerfile), "--tag", tag]
    command += ["--target", target] if target else []
    with subprocess.Popen(
        [*command, "--", str(path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as job:
        assert job.stderr is not None
        outcome = from_buildkit(job.stderr)
    if job.returncode and not outcome.error:
        return Build(outcome.steps, f"docker build ended with exit code {job.returncode}.", outcome.last_lines)
    return outcome


def _with_classic(client: docker.DockerClient, tag: str, path: Path, dockerfile: str, target: str) -> Build:
    try:
        stream = client.api.build(
            path=str(path), dockerfile=dockerfile, tag=tag, target=target or None, rm=True, decode=True
        )
        return from_classic(stream)
    except (APIError, BuildError) as error:
        return Build((), str(getattr(error, "explanation", "") or error))


def _stage(name: str) -> str:
    """Return the title of a stage; the builder calls those without a name stage-0, stage-1 and so on."""
    number = name.removeprefix("stage-")
    return f"stage {int(number) + 1}" if number != name and number.isdecimal() else f"stage {name}"


def _one_line(step: BuildStep) -> str:
    return " ".join(step.line.split())[:_MAX_LETTERS]


def _word(step: BuildStep) -> str:
    return f"ran, {step.seconds:.1f} s" if step.state == "ran" else _WORDS.get(step.state, step.state)


def _summary(outcome: Build) -> str:
    counts = {state: sum(step.state == state for step in outcome.steps) for state in ("cached", "ran")}
    seconds = sum(step.seconds for step in outcome.steps if step.state == "ran")
    return f"{counts['cached']} from the cache, {counts['ran']} carried out ({seconds:.1f} s)"


def _tell(outcome: Build) -> str:
    sentences = [f"{_summary(outcome)}."]
    for step in outcome.steps[:_MAX]:
        where = f"{_stage(step.stage)}, " if step.stage else ""
        sentences.append(f"{where}{_one_line(step)}: {_word(step)}.")
    return " ".join(sentences)
