"""Who mounts what: containers, the places in them, and the volumes, directories and memory behind these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import docker

from course.engine import connect
from course.facts.container import Mount, container
from course.facts.filesystem import volume_exists
from course.views.svg import INK, Picture

_FILLS: Final = {"volume": "#9ecbff", "bind": "#ffd58a", "tmpfs": "#c8e6c9"}
_BORDERS: Final = {"volume": "", "bind": "6 3", "tmpfs": "2 3"}
"""Each kind has a border of its own: colour alone must not tell."""
_WORDS: Final = {"volume": "volume", "bind": "directory of this machine", "tmpfs": "memory (tmpfs)"}
_GREY: Final = "#d0d7de"
_ROW, _TOP = 64, 50
_MAX: Final = 10


@dataclass(frozen=True)
class MountRow:
    """A container and one thing that it mounts; one of the two may be missing."""

    container: str
    mount: Mount | None
    why: str = ""
    """What to say where one side is missing."""


def storage(*names: str, client: docker.DockerClient | None = None) -> Picture:
    """Draw what the containers so called mount, and where; for a volume, every container that mounts it.

    What is not there is noted as such.
    """
    engine = client or connect()
    return draw([row for name in names for row in _rows(engine, name)])


def draw(rows: list[MountRow]) -> Picture:
    """Draw rows that were read already."""
    left_out, rows = len(rows) - _MAX, rows[:_MAX]
    height = _TOP + len(rows) * _ROW + 8
    picture = Picture(760, height, "Storage", " ".join(_tell(row) for row in rows))
    picture.text(120, 24, "container", bold=True)
    picture.text(600, 24, "where the data is", bold=True)
    drawn: dict[tuple[str, str], float] = {}
    for number, row in enumerate(rows):
        y = _TOP + number * _ROW
        if row.container:
            picture.box(10, y, 220, 44, _GREY)
            picture.text(120, y + 27, row.container, fill=INK, room=210)
        if row.why:
            at, anchor = (250, "start") if row.mount is None else (430, "end")
            picture.text(at, y + 27, row.why, anchor=anchor)
        if row.mount is None:
            continue
        kind = row.mount.type
        there = drawn.setdefault((kind, row.mount.source or f"{row.container}{row.mount.target}"), y)
        if there == y:
            picture.box(450, y, 300, 44, _FILLS.get(kind, _GREY), dashes=_BORDERS.get(kind, ""))
            picture.text(600, y + 18, _WORDS.get(kind, kind), size=11, fill=INK)
            picture.text(600, y + 35, _behind(row.mount), fill=INK, room=290)
        if row.container:
            picture.arrow(230, y + 22, 450, there + 22)
            picture.text(340, y + 12, row.mount.target, size=12, room=200)
            picture.text(340, y + 40, _access(row.mount), size=11)
    if left_out > 0:
        picture.text(10, height - 4, f"… and {left_out} more", anchor="start", size=11)
    return picture


def _rows(client: docker.DockerClient, name: str) -> list[MountRow]:
    uses = container(client, name)
    if uses is not None:
        return [MountRow(name, mount) for mount in uses.mounts] or [MountRow(name, None, "has nothing mounted")]
    if not volume_exists(client, name):
        return [MountRow(name, None, "does not exist")]
    rows = []
    for item in client.api.containers(all=True, filters={"volume": name}):
        found = container(client, item["Id"])
        title = str((item.get("Names") or [item["Id"][:12]])[0]).removeprefix("/")
        rows += [MountRow(title, m) for m in (found.mounts if found else ()) if m.type == "volume" and m.source == name]
    return rows or [MountRow("", Mount("volume", name, "", writable=True), "no container mounts it")]


def _behind(mount: Mount) -> str:
    if mount.type == "tmpfs":
        return f"at most {mount.size / (1 << 20):g} MiB" if mount.size else "no limit"
    return mount.source if len(mount.source) <= 36 else f"…{mount.source[-35:]}"


def _access(mount: Mount) -> str:
    return "read and write" if mount.writable else "read only"


def _tell(row: MountRow) -> str:
    if row.mount is None:
        return f"{row.container} {row.why}."
    what = f"{_WORDS.get(row.mount.type, row.mount.type)}, {_behind(row.mount)}"
    if not row.container:
        return f"{what}: {row.why}."
    return f"{row.container} has at {row.mount.target} ({_access(row.mount)}): {what}."
