"""The overlay mount: image layers below, a writable layer on top, and what the program sees of both."""

from __future__ import annotations

from typing import Final

from course.views.svg import INK, Picture

_SEEN: Final = "#d0d7de"
_WRITABLE: Final = "#ffd58a"
_IMAGE: Final = "#9ecbff"
_COLUMN, _ROW, _GAP = 140, 46, 14
_LEFT, _TOP = 204, 50

_ROWS: Final = (
    ("what the program sees", "the overlay mount", _SEEN, ""),
    ("writable layer", "the container's own", _WRITABLE, "6 3"),
    ("image layers", "read-only, shared", _IMAGE, ""),
)
_COLUMNS: Final = (
    ("only read", "/bin/sh", "", "/bin/sh"),
    ("changed", "/etc/motd, new", "/etc/motd, new", "/etc/motd, old"),
    ("deleted", "", "mark: deleted", "/etc/group"),
    ("added", "/srv/note", "/srv/note", ""),
)
"""What becomes of a file, and where it is: seen, in the writable layer, in the image's layers."""


def overlay() -> Picture:
    """Draw where four files are: one that is only read, one changed, one deleted and one added."""
    width, height = _LEFT + len(_COLUMNS) * (_COLUMN + _GAP), _TOP + len(_ROWS) * (_ROW + 28)
    picture = Picture(
        width,
        height,
        "Layers of a container, and what its program sees",
        "Three rows: what the program sees, the container's writable layer, the image layers, which are read-only. A "
        "file that is only read stays in the image layers. Before a file is changed, the kernel copies it into the "
        "writable layer: copy-on-write. The copy hides the old file. A deleted file stays in the image layers, and a "
        "mark in the writable layer hides it. An added file is in the writable layer only.",
    )
    for row, (title, what, fill, dashes) in enumerate(_ROWS):
        y = _TOP + row * (_ROW + 28)
        picture.text(12, y + 20, title, anchor="start", bold=True)
        picture.text(12, y + 38, what, anchor="start", size=12)
        picture.box(_LEFT - 10, y - 8, width - _LEFT + 4, _ROW + 16, "none", dashes=dashes)
        for column, files in enumerate(_COLUMNS):
            x = _LEFT + column * (_COLUMN + _GAP)
            if files[row + 1]:
                picture.box(x, y, _COLUMN, _ROW, fill, dashes=dashes)
                picture.text(x + _COLUMN / 2, y + 28, files[row + 1], fill=INK, size=12)
    for column, (happened, *where) in enumerate(_COLUMNS):
        middle = _LEFT + column * (_COLUMN + _GAP) + _COLUMN / 2
        picture.text(middle, 24, happened, bold=True)
        if all(where):  # the copy, from the image's layers
            picture.arrow(middle, _TOP + 2 * (_ROW + 28), middle, _TOP + 2 * (_ROW + 28) - 28)
    return picture
