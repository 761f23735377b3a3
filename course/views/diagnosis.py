"""The way to a fault: what the Engine says about a container, question by question, and where that is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import docker
from docker.errors import NotFound

from course.engine import connect
from course.views.svg import INK, Picture, cut

_FINE: Final = "#b7e3c0"
_ODD: Final = "#ffd58a"
_TOLD: Final = "#d0d7de"
_ROW, _TOP, _LETTERS = 62, 44, 88

_MEANINGS: Final = {
    0: "it did what it had to do, and ended",
    1: "the program itself reports an error",
    126: "the command is there, but cannot be executed",
    127: "the command was not found",
    128: "the Engine could not give it what it asked for",
    137: "ended by signal 9: killed, perhaps for want of memory",
    139: "ended by signal 11: the program crashed",
    143: "ended by signal 15: asked to stop",
}


@dataclass(frozen=True)
class DiagnosisStep:
    """One question, its answer, and the command that shows it."""

    question: str
    answer: str
    command: str
    odd: bool = False
    """The answer is where to look more closely."""


def diagnosis(name: str, *, client: docker.DockerClient | None = None) -> Picture:
    """Draw the questions that lead to what is wrong with the container so called, with the Engine's answers."""
    engine = client or connect()
    try:
        data = engine.api.inspect_container(name)
        log = engine.api.logs(name, tail=1, stdout=True, stderr=True).decode("utf-8", "replace").strip()
    except NotFound:
        return draw(name, [DiagnosisStep("Is it there?", "no", "docker ps --all", odd=True)])
    return draw(name, steps(data, log))


def steps(data: Mapping[str, Any], last_line: str) -> list[DiagnosisStep]:
    """Return the questions for a container, from the answer to ``inspect`` and the last line of its log."""
    state = data.get("State") or {}
    status, code = str(state.get("Status") or ""), int(state.get("ExitCode") or 0)
    restarts = int(data.get("RestartCount") or 0)
    found = [DiagnosisStep("In which state is it?", status, "docker ps --all", odd=status != "running")]
    if status == "running" and not restarts:
        found.append(DiagnosisStep("What did it say last?", last_line or "nothing", "docker logs --tail 1"))
        found.append(DiagnosisStep("Who reaches it?", _reach(data), "docker inspect, NetworkSettings"))
        return found
    if restarts:
        found.append(
            DiagnosisStep("How often was it started again?", f"{restarts} times", "docker inspect, RestartCount", True)
        )
    meaning = meaning_of(code)
    found.append(DiagnosisStep("How did it end?", f"exit code {code}: {meaning}", "docker inspect, State", code != 0))
    if state.get("OOMKilled"):
        found.append(DiagnosisStep("Was there enough memory?", "no: OOMKilled is true", "docker inspect, State", True))
    if state.get("Error"):
        told = ": ".join(str(state["Error"]).split(": ")[-2:])  # what comes before says who passed it on
        found.append(DiagnosisStep("What did the Engine say?", told, "docker inspect, State.Error", odd=True))
    if status != "created":
        found.append(
            DiagnosisStep("What did it say last?", last_line or "nothing", "docker logs --tail 1", bool(last_line))
        )
    command = " ".join([*(data.get("Path") or "").split(), *(data.get("Args") or ())])
    found.append(DiagnosisStep("What was it told to run?", command, "docker inspect, Path and Args"))
    return found


def meaning_of(code: int) -> str:
    """Return what an exit code tells, in words."""
    if code in _MEANINGS:
        return _MEANINGS[code]
    if 128 < code < 160:
        return f"ended by signal {code - 128}"
    return "the program itself reports an error; its manual says which"


def draw(name: str, found: list[DiagnosisStep]) -> Picture:
    """Draw questions and answers, one below the other."""
    told = " ".join(f"{step.question} {step.answer} ({step.command})." for step in found)
    picture = Picture(760, _TOP + len(found) * _ROW, f"What the Engine says about {name}", told)
    picture.text(10, 24, f"What the Engine says about {name}", bold=True, anchor="start", room=740)
    for number, step in enumerate(found):
        y = _TOP + number * _ROW
        good = step.answer == "running"
        fill = _ODD if step.odd else _FINE if good else _TOLD
        picture.box(10, y, 740, 46, fill, dashes="6 3" if step.odd else "")
        picture.text(22, y + 19, step.question, anchor="start", fill=INK, bold=True, size=12)
        picture.text(738, y + 19, step.command, anchor="end", fill=INK, size=11, room=330)
        picture.text(22, y + 37, cut(step.answer, _LETTERS), anchor="start", fill=INK, size=12)
        if number:
            picture.arrow(40, y - 16, 40, y)
    return picture


def _reach(data: Mapping[str, Any]) -> str:
    settings = data.get("NetworkSettings") or {}
    ports = [
        f"{place.get('HostIp')}:{place.get('HostPort')} → {inside}"
        for inside, places in (settings.get("Ports") or {}).items()
        for place in places or ()
    ]
    networks = ", ".join(settings.get("Networks") or {}) or "none"
    return f"networks: {networks}; published: {', '.join(ports) or 'nothing'}"
