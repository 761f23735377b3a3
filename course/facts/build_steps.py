"""What became of each line of a Dockerfile in a build: taken from the cache, or carried out, and in how many seconds.

BuildKit tells it as lines of JSON (``docker build --progress=rawjson``), the classic builder as its own stream.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from course.facts.values import when

_STEP: Final = re.compile(r"\[(?:(?P<stage>.+) )?(?P<number>\d+)/\d+\] (?P<line>.*)", re.DOTALL)
_CLASSIC: Final = re.compile(r"Step (\d+)/\d+ : (.*)", re.DOTALL)
_FROM: Final = re.compile(r"FROM\s+(?:--\S+\s+)?\S+(?:\s+AS\s+(\S+))?\s*", re.IGNORECASE)
_LAST_LINES: Final = 12
_MAX_STEPS: Final = 200


@dataclass(frozen=True)
class BuildStep:
    """One line of a Dockerfile in one build."""

    stage: str
    """Name of the stage; empty text if the build has only one."""
    number: int
    """Which line of its stage; comments and lines that only note a setting do not count for BuildKit."""
    line: str
    state: str
    """``base`` (a FROM), ``cached``, ``ran``, ``failed`` or ``waiting`` (never begun)."""
    seconds: float = 0.0


@dataclass(frozen=True)
class Build:
    """A build that has ended."""

    steps: tuple[BuildStep, ...]
    error: str
    """Why it failed; empty text if it did not."""
    last_lines: tuple[str, ...] = ()
    """If it failed: the last lines that its steps and the builder wrote."""


@dataclass
class _Vertex:
    place: int
    name: str
    started: float | None = None
    completed: float | None = None
    cached: bool = False
    error: str = ""


def from_buildkit(lines: Iterable[str]) -> Build:
    """Read the account that BuildKit gives: JSON, one object a line, and ordinary text at the end if it failed."""
    vertices: dict[str, _Vertex] = {}
    text: deque[str] = deque(maxlen=_LAST_LINES)
    for line in lines:
        entry = _object(line)
        if entry is None:
            text.append(line.rstrip())
            continue
        for log in entry.get("logs") or ():
            text.extend(base64.b64decode(log.get("data") or "").decode("utf-8", "replace").splitlines())
        for data in entry.get("vertexes") or ():
            key = str(data.get("digest") or "")
            if key not in vertices and len(vertices) < _MAX_STEPS:
                vertices[key] = _Vertex(len(vertices), str(data.get("name") or ""))
            if key in vertices:
                _note(vertices[key], data)
    failure = next((vertex.error for vertex in vertices.values() if vertex.error), "")
    reason = next((line.rpartition("failed to solve: ")[2] for line in text if line.startswith("ERROR: ")), failure)
    return Build(
        tuple(_in_order(vertices.values())),
        reason,
        tuple(line for line in text if line.strip()) if reason else (),
    )


def from_classic(entries: Iterable[Mapping[str, Any]], clock: Callable[[], float] = time.monotonic) -> Build:
    """Read the classic builder's stream, as docker-py decodes it, while it comes: it holds no times."""
    steps: list[BuildStep] = []
    text: deque[str] = deque(maxlen=_LAST_LINES)
    stage, number, begun, stages, error = "", 0, clock(), 0, ""
    for entry in entries:
        if entry.get("error"):
            error = str(entry["error"])
            break
        words = str(entry.get("stream") or "")
        if match := _CLASSIC.match(words):
            steps[-1:] = [_ended(step, clock() - begun) for step in steps[-1:]]
            begun, line = clock(), match[2].strip()
            if source := _FROM.fullmatch(line):
                stage, number, stages = source[1] or f"stage-{stages}", 0, stages + 1
            number += 1
            if len(steps) < _MAX_STEPS:
                steps.append(BuildStep(stage, number, line, "base" if source else "waiting"))
        elif steps and words.strip() == "---> Using cache":
            steps[-1] = BuildStep(steps[-1].stage, steps[-1].number, steps[-1].line, "cached")
        elif words.strip() and not words.startswith(" --->"):
            text.append(words.rstrip())
    for last in steps[-1:]:
        failed = BuildStep(last.stage, last.number, last.line, "failed", clock() - begun)
        steps[-1] = failed if error else _ended(last, clock() - begun)
    alone = stages < 2
    return Build(
        tuple(BuildStep("" if alone else s.stage, s.number, s.line, s.state, s.seconds) for s in steps),
        error,
        tuple(text) if error else (),
    )


def _object(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _note(vertex: _Vertex, data: Mapping[str, Any]) -> None:
    """Take over what one report says: a step is reported several times, and may pause in between."""
    begun, ended = when(data.get("started")), when(data.get("completed"))
    if begun is not None:
        vertex.started = begun if vertex.started is None else min(begun, vertex.started)
    if ended is not None:
        vertex.completed = ended if vertex.completed is None else max(ended, vertex.completed)
    vertex.cached = vertex.cached or bool(data.get("cached"))
    vertex.error = str(data.get("error") or "") or vertex.error


def _in_order(vertices: Iterable[_Vertex]) -> list[BuildStep]:
    """Return the steps of the Dockerfile stage by stage: a stage that others copy from comes before them.

    BuildKit lists the vertices backwards from the result, so the stage that ends the build is named first.
    """
    found = []
    for vertex in vertices:
        match = _STEP.fullmatch(vertex.name)
        if match is not None:
            found.append((vertex, match["stage"] or "", int(match["number"]), match["line"]))
    stages = list(dict.fromkeys(stage for _, stage, _, _ in reversed(found)))
    found.sort(key=lambda step: (stages.index(step[1]), step[2]))
    return [BuildStep(stage, number, line, *_outcome(vertex, line)) for vertex, stage, number, line in found]


def _outcome(vertex: _Vertex, line: str) -> tuple[str, float]:
    seconds = max((vertex.completed or 0.0) - (vertex.started or 0.0), 0.0) if vertex.completed else 0.0
    if vertex.error:
        return "failed", seconds
    if line.upper().startswith("FROM "):
        return "base", 0.0
    if vertex.cached:
        return "cached", 0.0
    return ("ran", seconds) if vertex.completed else ("waiting", 0.0)


def _ended(step: BuildStep, seconds: float) -> BuildStep:
    if step.state != "waiting":
        return step
    return BuildStep(step.stage, step.number, step.line, "ran", seconds)
