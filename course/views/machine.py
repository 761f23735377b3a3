"""Containers on their machine: a layer of their own each, one image below them, one kernel below everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

import docker

from course import facts
from course.engine import connect
from course.errors import CourseError
from course.facts import Container
from course.views.svg import INK, Picture

_OWN: Final = "#ffd58a"
_SHARED: Final = "#9ecbff"
_KERNEL: Final = "#d0d7de"
_DASHES: Final = "6 3"
"""A box's border if it is one container's own: colour alone must not tell."""

_COLUMN, _GAP, _ROW, _OWN_ROW = 250, 24, 44, 92
_MAX_CONTAINERS, _MAX_PATHS = 4, 3


@dataclass(frozen=True)
class Tenant:
    """A container with what the picture says of it."""

    container: Container
    changes: Mapping[str, str]
    """Paths of its own layer, as `facts.changes` gives them."""


def machine(*containers: str, client: docker.DockerClient | None = None) -> Picture:
    """Draw one to four containers with their own files, the images below them and the kernel below all.

    Raises `CourseError` if there is no such container.
    """
    if not 1 <= len(containers) <= _MAX_CONTAINERS:
        raise CourseError(f"This picture shows 1 to {_MAX_CONTAINERS} containers.")
    engine = client or connect()
    tenants = []
    for name in containers:
        found = facts.container(engine, name)
        if found is None:
            raise CourseError(f"There is no container called {name}.")
        tenants.append(Tenant(found, facts.changes(engine, found.id)))
    return draw(tenants, str(engine.info()["KernelVersion"]))


def draw(tenants: list[Tenant], kernel: str) -> Picture:
    """Draw containers that were read already, on a kernel of this release."""
    groups: dict[str, list[Tenant]] = {}
    for tenant in tenants:
        groups.setdefault(tenant.container.image, []).append(tenant)
    width = len(tenants) * (_COLUMN + _GAP) + _GAP
    names = ", ".join(tenant.container.name for tenant in tenants)
    picture = Picture(width, 260, f"{names} and the kernel below", _tell(tenants, groups, kernel))
    column = 0
    for group in groups.values():
        left = _GAP + column * (_COLUMN + _GAP)
        for place, tenant in enumerate(group):
            _container(picture, left + place * (_COLUMN + _GAP), tenant)
        column += len(group)
        span = len(group) * (_COLUMN + _GAP) - _GAP
        picture.box(left, 44 + _OWN_ROW + 8, span, _ROW, _SHARED)
        words = f"image {group[0].container.config.image}, read only"
        picture.text(left + span / 2, 44 + _OWN_ROW + 35, words, fill=INK, room=span - 16)
    picture.box(_GAP, 204, width - 2 * _GAP, _ROW, _KERNEL, border=2)
    words = f"one kernel: Linux {kernel}"
    picture.text(width / 2, 231, words, fill=INK, bold=True, room=width - 2 * _GAP - 16)
    return picture


def _container(picture: Picture, x: float, tenant: Tenant) -> None:
    picture.text(
        x + _COLUMN / 2,
        28,
        f"{tenant.container.name}: {tenant.container.state.status}",
        bold=True,
        room=_COLUMN,
    )
    picture.box(x, 44, _COLUMN, _OWN_ROW, _OWN, dashes=_DASHES)
    picture.text(x + 10, 62, _heading(tenant), size=12, anchor="start", fill=INK)
    for row, (path, kind) in enumerate(_own(tenant)[:_MAX_PATHS]):
        words = f"{path} ({kind})"
        picture.text(x + 10, 82 + row * 18, words, size=12, anchor="start", fill=INK, room=_COLUMN - 20)


def _own(tenant: Tenant) -> list[tuple[str, str]]:
    """Return the differences without the directories that only changed because something in them did."""
    around = {str(parent) for path in tenant.changes for parent in PurePosixPath(path).parents}
    return [(path, kind) for path, kind in sorted(tenant.changes.items()) if path not in around]


def _heading(tenant: Tenant) -> str:
    count = len(_own(tenant))
    more = ", such as" if count > _MAX_PATHS else ""
    return f"own layer: {count} difference{'s' * (count != 1)}{more}" if count else "own layer: empty"


def _tell(tenants: list[Tenant], groups: Mapping[str, list[Tenant]], kernel: str) -> str:
    sentences = []
    for tenant in tenants:
        listed = ", ".join(f"{path} ({kind})" for path, kind in _own(tenant)[:_MAX_PATHS])
        own = f"{_heading(tenant)}: {listed}" if listed else _heading(tenant)
        sentences.append(f"{tenant.container.name} is {tenant.container.state.status}; its {own}.")
    for group in groups.values():
        made = " and ".join(tenant.container.name for tenant in group)
        sentences.append(f"From the image {group[0].container.config.image}: {made}.")
    return " ".join([*sentences, f"All of them use one kernel, Linux {kernel}."])
