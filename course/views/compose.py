"""A Compose project as a graph: services, what each waits for, networks, published ports, and their present state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import docker

from course.engine import connect
from course.facts import compose as facts
from course.facts.compose import Member, Project, Service
from course.views.svg import INK, Picture

_GOOD, _BAD, _WAITING, _NONE = "#c8e6c9", "#ffb3a7", "#ffe08a", "#d0d7de"
_DASHES: Final = {_GOOD: "", _BAD: "2 3", _WAITING: "6 3", _NONE: "1 4"}
"""Each state has a border of its own: colour alone must not tell."""
_NETWORKS: Final = ("#9ecbff", "#d7b8f3", "#ffd58a", "#a5e1d2", "#f5b5d2")
_WIDTH, _HEIGHT = 196, 92
_COLUMN, _LEVEL = 240, 184
_PORTS_ROW, _MARGIN = 56, 22
_ACROSS, _MAX, _MAX_PORTS = 4, 16, 2
_CONDITIONS: Final = {
    "service_started": "started",
    "service_healthy": "healthy",
    "service_completed_successfully": "completed",
}


def compose(directory: str | Path = ".", *files: str, client: docker.DockerClient | None = None) -> Picture:
    """Draw the project in ``directory``, with the state that its containers have now.

    Its file is the one that Compose finds there, or ``files``, if they are named.

    Raises `course.errors.ComposeFailed` where there is no Compose, no file, or one that it cannot read.
    """
    described = facts.project(Path(directory).absolute(), [str(Path(directory, file)) for file in files])
    return draw(described, facts.members(client or connect(), described.name))


def draw(project: Project, members: Sequence[Member] = ()) -> Picture:
    """Draw a project that was read already, with the containers that there are of it."""
    shown = dict(list(project.services.items())[:_MAX])
    rows = _rows(shown)
    across = max((len(row) for row in rows), default=1)
    width = max(2 * _MARGIN + across * _COLUMN, 2 * _MARGIN + 2 * _COLUMN)
    below = _PORTS_ROW + len(rows) * _LEVEL - (_LEVEL - _HEIGHT) + 30
    left_out = len(project.services) - len(shown)
    networks = list(project.networks)[:_MAX]
    height = below + 24 * len(networks) + (24 if left_out > 0 else 8)
    picture = Picture(width, height, f"Compose project {project.name}", _tell(project, members))
    places = {
        name: (_MARGIN + (width - 2 * _MARGIN) * (2 * column + 1) / (2 * len(row)) - _WIDTH / 2, _top(level))
        for level, row in enumerate(rows)
        for column, name in enumerate(row)
    }
    for name, service in shown.items():
        _arrows(picture, places, name, service)
    colours = {name: _NETWORKS[number % len(_NETWORKS)] for number, name in enumerate(networks)}
    for name, service in shown.items():
        _service(picture, *places[name], service, _state(service, members), colours)
        _ports(picture, *places[name], _published(service, members))
    for number, name in enumerate(networks):
        y = below + 24 * number
        _chip(picture, _MARGIN, y - 12, number, colours[name])
        picture.text(_MARGIN + 24, y, _network(name, project), size=12, anchor="start", room=width - 80)
    if left_out > 0:
        picture.text(_MARGIN, height - 6, f"… and {left_out} more services", size=12, anchor="start")
    return picture


def _rows(services: Mapping[str, Service]) -> list[list[str]]:
    """Put each service one row above the highest one that it waits for has; a long row goes on in the next."""
    depth = dict.fromkeys(services, 0)
    for _ in services:  # enough rounds for the longest chain; a circle, which Compose refuses, ends as well
        for name, service in services.items():
            for other in service.depends_on:
                if other in depth:
                    depth[other] = min(max(depth[other], depth[name] + 1), len(services))
    rows: list[list[str]] = []
    for level in sorted(set(depth.values())):
        row = [name for name in services if depth[name] == level]
        rows += [row[start : start + _ACROSS] for start in range(0, len(row), _ACROSS)]
    return rows


def _top(level: int) -> float:
    return _PORTS_ROW + level * _LEVEL


def _service(
    picture: Picture, x: float, y: float, service: Service, state: tuple[str, str], colours: Mapping[str, str]
) -> None:
    words, fill = state
    picture.box(x, y, _WIDTH, _HEIGHT, fill, border=2, dashes=_DASHES[fill])
    picture.text(x + _WIDTH / 2, y + 20, service.name, bold=True, fill=INK, room=_WIDTH - 16)
    picture.text(x + _WIDTH / 2, y + 38, service.image or "built here", size=11, fill=INK, room=_WIDTH - 16)
    picture.text(x + _WIDTH / 2, y + 57, words, size=12, fill=INK, room=_WIDTH - 12)
    for number, name in enumerate([one for one in service.networks if one in colours][:9]):
        _chip(picture, x + 10 + number * 20, y + _HEIGHT - 23, list(colours).index(name), colours[name])


def _chip(picture: Picture, x: float, y: float, number: int, colour: str) -> None:
    """Draw a network's mark: a colour, and a number for those who do not tell colours apart."""
    picture.box(x, y, 16, 16, colour)
    picture.text(x + 8, y + 12, str(number + 1), size=11, fill=INK)


def _ports(picture: Picture, x: float, y: float, published: Sequence[str]) -> None:
    for number, words in enumerate(published[:_MAX_PORTS]):
        more = f" (+{len(published) - _MAX_PORTS})" if number == _MAX_PORTS - 1 < len(published) - 1 else ""
        picture.text(x + _WIDTH / 2, y - 36 + 14 * number, f"{words}{more}", size=11, room=_COLUMN - 10)
    if published:
        picture.arrow(x + _WIDTH / 2, y - 18, x + _WIDTH / 2, y)


def _arrows(picture: Picture, places: Mapping[str, tuple[float, float]], name: str, service: Service) -> None:
    for number, (other, condition) in enumerate(service.depends_on.items()):
        if other not in places:
            continue
        (x1, y1), (x2, y2) = places[name], places[other]
        shift = _WIDTH * (number + 1) / (len(service.depends_on) + 1)
        start, end = (x1 + shift, y1 + _HEIGHT), (x2 + _WIDTH / 2 - 34, y2)
        picture.arrow(*start, *end)
        # Beside the arrow, on the side to which it leads down: there the line is below the words.
        x, y = start[0] + (end[0] - start[0]) * 0.45, start[1] + (end[1] - start[1]) * 0.45
        words, left = _CONDITIONS.get(condition, condition), end[0] < start[0]
        picture.text(x - 6 if left else x + 6, y - 2, words, size=11, anchor="end" if left else "start", room=90)


def _state(service: Service, members: Sequence[Member]) -> tuple[str, str]:
    """Return how a service is, in words and as a colour."""
    own = [one for one in members if one.service == service.name and not one.one_off]
    if not own:
        return ("not started" if not service.profiles else f"profile {', '.join(service.profiles)}"), _NONE
    now = [one.container.state for one in own]
    count = f"{len(own)} × " if len(own) > 1 else ""
    if {state.status for state in now} != {"running"}:
        ended = [f"exited ({state.exit_code})" if state.status == "exited" else state.status for state in now]
        well = all(state.status in ("running", "exited") and not state.exit_code for state in now)
        return count + ", ".join(dict.fromkeys(ended)), _NONE if well else _BAD
    healths = [state.health for state in now]
    if "unhealthy" in healths:
        return f"{count}running, unhealthy", _BAD
    if "starting" in healths:
        return f"{count}running, not yet healthy", _WAITING
    return (f"{count}running, healthy" if all(healths) else f"{count}running, no health check"), _GOOD


def _published(service: Service, members: Sequence[Member]) -> list[str]:
    """Return where a service is published: as it is now, or as the file asks for while nothing runs."""
    own = [one for one in members if one.service == service.name and not one.one_off]
    live = [f"{_address(a)}:{p} → {inside}" for one in own for inside, a, p in one.container.ports]
    if live:
        return live
    return [f"{_address(a)}:{p or 'any port'} → {inside}" for inside, a, p in service.ports]


def _address(address: str) -> str:
    return f"[{address}]" if ":" in address else address or "every address"


def _network(name: str, project: Project) -> str:
    users = [one.name for one in project.services.values() if name in one.networks]
    kind = ", internal: no way out" if project.networks[name] else ""
    return f"network {name}{kind}: {', '.join(users) or 'nobody'}"


def _tell(project: Project, members: Sequence[Member]) -> str:
    sentences = []
    for service in list(project.services.values())[:_MAX]:
        words = [f"Service {service.name} ({service.image or 'built here'}): {_state(service, members)[0]}"]
        if published := _published(service, members):
            words.append(f"published {', '.join(published[:_MAX_PORTS])}")
        words += [
            f"waits until {other} is {_CONDITIONS.get(condition, condition)}"
            for other, condition in service.depends_on.items()
        ]
        sentences.append("; ".join(words) + ".")
    sentences += [f"There is the {_network(name, project)}." for name in list(project.networks)[:_MAX]]
    return " ".join(sentences)
