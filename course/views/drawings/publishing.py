"""The three parts of a published port, and the way that a request takes through them."""

from __future__ import annotations

from typing import Final

from course.views.svg import INK, Picture

_ADDRESS: Final = "#9ecbff"
_OUTSIDE: Final = "#ffd58a"
_INSIDE: Final = "#b7e4c7"
_PARTS: Final = (
    (170, 150, "127.0.0.1", _ADDRESS, "an address of the host", "left out: every address"),
    (350, 150, "8080", _OUTSIDE, "a port of the host", "left out: Docker chooses"),
    (530, 150, "80", _INSIDE, "the container's port", "the program listens there"),
)


def publishing() -> Picture:
    """Draw the option ``--publish`` in its three parts, and a request's way from the host into the container."""
    said = "; ".join(f"{words} is {what} ({more})" for _, _, words, _, what, more in _PARTS)
    picture = Picture(
        740,
        312,
        "The three parts of a published port",
        f"The option --publish 127.0.0.1:8080:80, from left to right: {said}. A browser on the host asks for "
        "127.0.0.1:8080. Docker passes that on to port 80 in the container, where nginx listens. Another machine does "
        "not get in, because 127.0.0.1 is the host's own address.",
    )
    picture.text(150, 43, "--publish", anchor="end", size=16, bold=True)
    for x, width, words, fill, what, more in _PARTS:
        picture.box(x, 20, width, 36, fill)
        picture.text(x + width / 2, 43, words, fill=INK, size=16, bold=True)
        picture.text(x + width / 2, 76, what, size=12)
        picture.text(x + width / 2, 93, more, size=12)
    for x in (335, 515):
        picture.text(x, 43, ":", size=16, bold=True)

    picture.box(12, 120, 716, 144, "none", border=2)
    picture.text(24, 140, "host", anchor="start", bold=True)
    picture.box(470, 140, 244, 112, "none", border=2, dashes="6 3")
    picture.text(482, 160, "container", anchor="start", bold=True)
    picture.box(186, 182, 96, 34, _ADDRESS)
    picture.text(234, 204, "127.0.0.1", fill=INK)
    picture.box(282, 182, 80, 34, _OUTSIDE)
    picture.text(322, 204, "port 8080", fill=INK)
    picture.arrow(362, 199, 484, 199)
    picture.text(416, 190, "Docker", size=12)
    picture.box(486, 182, 70, 34, _INSIDE)
    picture.text(521, 204, "port 80", fill=INK)
    picture.arrow(556, 199, 610, 199)
    picture.text(654, 204, "nginx", bold=True)

    picture.text(28, 204, "browser", anchor="start")
    picture.arrow(88, 199, 184, 199)
    picture.text(28, 296, "another machine", anchor="start")
    picture.arrow(146, 291, 184, 291)
    picture.text(194, 296, "✗  127.0.0.1 is the host's own address: no way in from here", anchor="start")
    return picture
