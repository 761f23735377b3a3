"""The last seconds of a container: which signal came when, how long it was given, and how it ended."""

from __future__ import annotations

import signal
from typing import Final

import docker

from course.engine import connect
from course.facts.ending import Ending, ending
from course.views.svg import INK, Picture

_ASKED: Final = "#9ecbff"
_KILLED: Final = "#ffb3a7"
_PLAIN: Final = "#d0d7de"
_LEFT, _RIGHT, _LINE = 60, 660, 120
_CODES: Final = {
    0: "it ended in order",
    125: "Docker could not run it",
    126: "the program could not be started",
    127: "the program was not found",
}


def stopping(name: str, client: docker.DockerClient | None = None) -> Picture:
    """Draw how the last run of a container ended, from the Engine's events."""
    return draw(name, ending(client or connect(), name))


def draw(name: str, end: Ending | None) -> Picture:
    """Draw an ending that was read already."""
    if end is None:
        return _words(name, f"The Engine remembers no start of a container {name}.")
    if end.died is None and not end.signals:
        return _words(name, f"{name} runs. Nobody has asked it to end.")
    return _line(name, end)


def meaning(end: Ending) -> str:
    """Return a sentence on the exit code."""
    code = end.exit_code
    if end.died is None or code is None:
        return "It has not ended."
    why = _CODES.get(code, "it reported an error")
    if code > 128:
        why = f"signal {code - 128} ({_named(str(code - 128))}) ended it"
    if end.out_of_memory and code == 137:
        why = "the kernel killed it: its memory limit was reached"
    return f"Exit code {code}: {why}."


def _line(name: str, end: Ending) -> Picture:
    last = max([end.died or 0.0, *(time for _, time in end.signals)])
    killed = next((time for number, time in end.signals if number == "9" and time > 0), None)
    # The line goes as far as the waiting that was granted, or a little beyond the end.
    granted = killed if killed is not None else end.grace if end.stopped and last <= end.grace else last
    span = max(last, granted if last * 12 > granted else last * 3, 0.001) * 1.08
    beyond = granted > span  # most of the waiting was not needed, and would squeeze the rest

    def at(time: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * min(time / span, 1)

    steps = [f"{time:.2f} s: {_named(number)} (signal {number})" for number, time in end.signals]
    steps += [f"{end.died:.2f} s: it ended"] if end.died is not None else []
    picture = Picture(
        720, 210, f"The end of {name}", f"{'; '.join(steps)}. {meaning(end)} {_waited(end, killed)}".strip()
    )
    picture.text(20, 26, f"{name}: {meaning(end)}", anchor="start", size=15, bold=True, room=680)
    if end.stopped and granted > 0:
        picture.box(at(0), _LINE - 14, max(at(granted) - at(0), 2), 28, _ASKED, dashes="6 3" if beyond else "")
        if at(granted) - at(0) > 150:
            words = f"time to close down: {granted:.0f} s" if granted >= 1 else "time to close down"
            picture.text((at(0) + at(granted)) / 2, _LINE + 5, words + (" …" if beyond else ""), size=12, fill=INK)
    picture.arrow(_LEFT - 20, _LINE + 24, _RIGHT + 40, _LINE + 24)
    marks = [(_named(number), time, _KILLED if number == "9" else _ASKED) for number, time in end.signals[:4]]
    for place, (words, time, fill) in enumerate(marks or [("started", 0.0, _PLAIN)]):
        _mark(picture, at(time), words, f"{time:.2f} s", fill, place, _LINE + (-16 if end.stopped else 22))
    if end.died is not None:
        _ended(picture, at(end.died), end)
    picture.text(20, 200, _waited(end, killed), anchor="start", size=12, room=680)
    return picture


def _mark(picture: Picture, x: float, name: str, time: str, fill: str, place: int, foot: float) -> None:
    """Draw a signal above the line, with an arrow down to it."""
    width = 84
    left = min(max(x - width / 2, 6), 714 - width) if place % 2 == 0 or x > 300 else x + 50
    picture.box(left, 44, width, 24, fill, border=2 if name == "SIGKILL" else 1)
    picture.text(left + width / 2, 61, name, size=12, fill=INK, bold=name == "SIGKILL")
    picture.text(left + width / 2, 84, time, size=11)
    picture.arrow(min(max(x, left + 4), left + width - 4), 88, x, foot)


def _ended(picture: Picture, x: float, end: Ending) -> None:
    """Draw the end below the line."""
    picture.arrow(x, _LINE + 48, x, _LINE + 26)
    anchor, shift = ("end", 6) if x > 560 else ("start", -6) if x < 160 else ("middle", 0)
    code = f", exit code {end.exit_code}" if end.exit_code is not None else ""
    picture.text(x + shift, _LINE + 62, f"ended after {end.died or 0:.2f} s{code}", size=12, anchor=anchor)


def _waited(end: Ending, killed: float | None) -> str:
    if not end.signals:
        return "Nobody sent a signal through the Engine: it ended by itself, or the kernel ended it."
    first = _named(end.signals[0][0])
    if killed is not None:
        return f"It did not end on {first}, so after {killed:.1f} s it was killed, whatever it was doing."
    if end.signals[0][0] == "9":
        return "It was killed at once, without being asked."
    return (
        f"It ended on {first}; no SIGKILL was needed." if end.died is not None else f"It was sent {first} and runs on."
    )


def _named(number: str) -> str:
    try:
        return signal.Signals(int(number)).name
    except ValueError:
        return "a signal" if number == "?" else f"signal {number}"


def _words(name: str, sentence: str) -> Picture:
    picture = Picture(720, 50, f"The end of {name}", sentence)
    picture.text(20, 30, sentence, anchor="start", room=680)
    return picture
