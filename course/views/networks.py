"""Who is on which network, and so who finds whom by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import docker

from course import facts
from course.engine import connect
from course.views.svg import INK, Picture

_OWN: Final = "#9ecbff"
_DEFAULT: Final = "#ffd58a"
_INSIDE: Final = "#d0d7de"
_ROW, _TOP = 44, 40
_MAX: Final = 12


def networks(*names: str, client: docker.DockerClient | None = None) -> Picture:
    """Draw the containers so called and the networks that they are on."""
    engine = client or connect()
    rows: list[tuple[str, str, Sequence[str]]] = []
    for name in names:
        found = facts.container(engine, name)
        rows.append(
            (
                name,
                found.state.status if found else "does not exist",
                sorted(found.networks) if found else (),
            )
        )
    return draw(rows)


def draw(rows: Sequence[tuple[str, str, Sequence[str]]]) -> Picture:
    """Draw containers that were read already: name, state, networks."""
    rows = rows[:_MAX]
    nets = list(dict.fromkeys(net for _, _, on in rows for net in on))[:_MAX]
    height = _TOP + max(len(rows), len(nets), 1) * _ROW + 8
    picture = Picture(720, height, "Containers and networks", _tell(rows))
    picture.text(160, 24, "containers", bold=True)
    picture.text(560, 24, "networks", bold=True)
    for number, net in enumerate(nets):
        default = net == "bridge"
        y = _TOP + number * _ROW
        picture.box(420, y, 290, 30, _DEFAULT if default else _OWN, dashes="6 3" if default else "")
        picture.text(565, y + 20, f"{net} (default: no names)" if default else net, fill=INK, room=280)
    for number, (name, state, on) in enumerate(rows):
        y = _TOP + number * _ROW
        picture.box(10, y, 300, 30, _INSIDE)
        told = name if state == "running" else f"{name} ({state})"
        picture.text(160, y + 20, told, fill=INK, room=290)
        for net in on:
            if net in nets:
                picture.arrow(310, y + 15, 420, _TOP + nets.index(net) * _ROW + 15)
    return picture


def _tell(rows: Sequence[tuple[str, str, Sequence[str]]]) -> str:
    told = [f"{name} is on {', '.join(on)}." if on else f"{name}: {state}, on no network." for name, state, on in rows]
    for place, (name, _, on) in enumerate(rows):
        for other, _, others in rows[place + 1 :]:
            common = sorted(set(on) & set(others) - {"bridge"})
            told.append(
                f"{name} and {other} find each other by name on {', '.join(common)}."
                if common
                else f"{name} and {other} do not find each other by name."
            )
    return " ".join(told)
