"""What a container is made of: namespaces of its own, one that two containers share, and a cgroup with limits."""

from __future__ import annotations

from typing import Final

from course.views.svg import INK, Picture

_OWN: Final = "#ffd58a"
_SHARED: Final = "#9ecbff"
_LIMIT: Final = "#b7e4c7"
_KERNEL: Final = "#d0d7de"
_ROW: Final = 34
_WIDTH: Final = 320
_LEFT, _RIGHT = 30, 390

_NAMESPACES: Final = (
    ("PID namespace", "the processes it sees"),
    ("mount namespace", "the files it sees"),
    ("UTS namespace", "its host name"),
    ("IPC namespace", "its shared memory"),
)


def namespaces() -> Picture:
    """Draw two containers on one kernel: what each has for itself, and the network that they share."""
    words = "; ".join(f"{name}: {what}" for name, what in _NAMESPACES)
    picture = Picture(
        740,
        372,
        "Two containers, made of namespaces and cgroups",
        f"Two containers, server and visitor. Each has its own of these: {words}. One network namespace "
        "is shared by both, with its interfaces, addresses and ports. Each has a cgroup of its own, which limits its "
        "memory and processors. Below both is one kernel, the host's.",
    )
    for x, name in ((_LEFT, "server"), (_RIGHT, "visitor")):
        picture.box(x - 14, 34, _WIDTH + 28, 286, "none", border=2)
        picture.text(x + _WIDTH / 2, 24, f"container {name}", bold=True)
        for row, (title, what) in enumerate(_NAMESPACES):
            _row(picture, x, 46 + row * (_ROW + 6), _WIDTH, _OWN, title, what)
        _row(picture, x, 276, _WIDTH, _LIMIT, "cgroup", "limits of memory and processors")
    both = _RIGHT + _WIDTH - _LEFT
    _row(picture, _LEFT, 224, both, _SHARED, "network namespace, shared", "interfaces, addresses, ports", border=3)
    picture.box(_LEFT - 14, 332, both + 28, 32, _KERNEL)
    picture.text(_LEFT + both / 2, 353, "one kernel, the host's", fill=INK, bold=True)
    return picture


def _row(
    picture: Picture, x: float, y: float, width: float, fill: str, title: str, what: str, *, border: float = 1
) -> None:
    picture.box(x, y, width, _ROW, fill, border=border)
    picture.text(x + 10, y + 22, title, fill=INK, bold=True, anchor="start", size=12)
    picture.text(x + width - 10, y + 22, what, fill=INK, anchor="end", size=12)
