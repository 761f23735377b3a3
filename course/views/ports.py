"""Published ports: from an address of this machine to a port of a container."""

from __future__ import annotations

import ipaddress
from typing import Final

import docker

from course import facts
from course.engine import connect
from course.facts import Container
from course.views.svg import INK, Picture

_OWN: Final = "#9ecbff"
_OPEN: Final = "#ffb3a7"
_INSIDE: Final = "#d0d7de"
_DASHES: Final = "6 3"
"""Border of a port that others reach as well: colour alone must not tell."""
_ROW, _TOP = 48, 64
_MAX: Final = 12


def ports(*names: str, client: docker.DockerClient | None = None) -> Picture:
    """Draw which ports of this machine lead to which ports of the containers so called.

    A container that is not there is noted as such.
    """
    engine = client or connect()
    return draw([(name, facts.container(engine, name)) for name in names])


def draw(containers: list[tuple[str, Container | None]]) -> Picture:
    """Draw containers that were read already, each with its name."""
    rows: list[tuple[str, str, str, str]] = []  # name, this machine's side, what that means, the container's side
    for name, found in containers:
        if found is None or not found.ports:
            rows.append(
                (name, "", "does not exist" if found is None else f"{found.state.status}, publishes nothing", "")
            )
            continue
        rows += [(name, f"{a}:{p}" if ":" not in a else f"[{a}]:{p}", _reach(a), i) for i, a, p in found.ports]
    left_out = len(rows) - _MAX
    rows = rows[:_MAX]
    height = _TOP + len(rows) * _ROW + (24 if left_out > 0 else 8)
    told = [
        f"{name}: {outside} of this machine ({reach}) leads to {inside}." if outside else f"{name}: {reach}."
        for name, outside, reach, inside in rows
    ]
    picture = Picture(720, height, "Published ports", " ".join(told))
    picture.text(150, 24, "this machine", bold=True)
    picture.text(560, 24, "container", bold=True)
    for number, (name, outside, reach, inside) in enumerate(rows):
        y = _TOP + number * _ROW
        if not outside:
            picture.text(20, y + 4, f"{name}: {reach}", anchor="start", room=680)
            continue
        closed = reach == "this machine only"
        picture.text(150, y - 12, reach, size=11)
        picture.box(20, y - 8, 260, 26, _OWN if closed else _OPEN, dashes="" if closed else _DASHES)
        picture.text(150, y + 10, outside, fill=INK, room=250)
        picture.arrow(280, y + 5, 420, y + 5)
        picture.box(420, y - 8, 280, 26, _INSIDE)
        picture.text(560, y + 10, f"{name} {inside}", fill=INK, room=270)
    if left_out > 0:
        picture.text(20, height - 8, f"… and {left_out} more", anchor="start", size=11)
    return picture


def _reach(address: str) -> str:
    try:
        return "this machine only" if ipaddress.ip_address(address).is_loopback else "others reach it too"
    except ValueError:
        return "others reach it too"  # no address means all of them
