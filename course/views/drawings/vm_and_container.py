"""Virtual machines beside containers: what each of them brings along."""

from __future__ import annotations

from typing import Final

from course.views.svg import INK, Picture

_PROGRAM: Final = "#ffd58a"
_FILES: Final = "#b7e4c7"
_KERNEL: Final = "#9ecbff"
_HOST: Final = "#d0d7de"
_LEFTS: Final = (30, 470)
"""Where the left and the right half begin."""
_SPAN: Final = 380
_COLUMN: Final = 170
_ROW: Final = 40


def vm_and_container() -> Picture:
    """Draw two programs in two virtual machines, and two programs in two containers."""
    picture = Picture(
        880,
        330,
        "Virtual machines and containers",
        "On the left are two virtual machines. Each has a program, its files, and an operating system with a kernel of "
        "its own. A hypervisor imitates a computer for each of them, on the host with its kernel. On the right are two "
        "containers. Each has a program and its files, and no kernel. The Docker Engine starts them. Both use the one "
        "kernel of the host.",
    )
    for left, title in zip(_LEFTS, ("two virtual machines", "two containers"), strict=True):
        picture.text(left + _SPAN / 2, 22, title, bold=True, size=15)
    for number, x in enumerate((_LEFTS[0], _LEFTS[0] + _COLUMN + 40)):
        picture.box(x - 8, 36, _COLUMN + 16, 3 * 46 + 10, "none", dashes="6 3")
        _row(picture, x, 42, _COLUMN, _PROGRAM, f"program {number + 1}")
        _row(picture, x, 88, _COLUMN, _FILES, "its files")
        _row(picture, x, 134, _COLUMN, _KERNEL, "a system with a kernel")
    for number, x in enumerate((_LEFTS[1], _LEFTS[1] + _COLUMN + 40)):
        picture.box(x - 8, 82, _COLUMN + 16, 2 * 46 + 10, "none", dashes="6 3")
        _row(picture, x, 88, _COLUMN, _PROGRAM, f"program {number + 1}")
        _row(picture, x, 134, _COLUMN, _FILES, "its files")
    for left, between in zip(
        _LEFTS, ("hypervisor: imitates computers", "Docker Engine: starts containers"), strict=True
    ):
        _row(picture, left - 8, 196, _SPAN + 16, _HOST, between)
        _row(picture, left - 8, 242, _SPAN + 16, _KERNEL, "the kernel of the host")
        _row(picture, left - 8, 288, _SPAN + 16, _HOST, "the host: processors, memory, disk")
    return picture


def _row(picture: Picture, x: float, y: float, width: float, fill: str, words: str) -> None:
    picture.box(x, y, width, _ROW, fill)
    picture.text(x + width / 2, y + 25, words, fill=INK)
