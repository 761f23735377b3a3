"""Where a stop signal goes: to the program itself in exec form, to a shell before it in shell form."""

from __future__ import annotations

from typing import Final

from course.views.svg import Picture

_SHELL: Final = "#d0d7de"
_PROGRAM: Final = "#9ecbff"
_ENDED: Final = "#b7e4c7"
_KILLED: Final = "#ffd58a"
_ROW: Final = 138
_HEIGHT: Final = 60


def signals() -> Picture:
    """Draw what `docker stop` reaches in a container whose program was started in exec form and in shell form."""
    picture = Picture(
        820,
        300,
        "Which process hears the signal",
        "docker stop sends SIGTERM to process 1 of the container. In exec form, process 1 is the program: it hears the "
        "signal, finishes its work and ends with exit code 0. In shell form, process 1 may be a shell, and the program "
        "is its child. The shell does not pass the signal on. After ten seconds, SIGKILL ends all processes, and the "
        "exit code is 137.",
    )
    for row, form in enumerate(("exec form", "shell form")):
        y = 16 + row * _ROW
        picture.box(180, y, 404, 116, "none", border=2, dashes="6 3")
        picture.text(194, y + 20, form, anchor="start", bold=True)
        picture.text(80, y + 56, "docker stop", bold=True)
        picture.text(80, y + 74, "SIGTERM", size=12)
        picture.arrow(128, y + 68, 204, y + 68)
    picture.labelled_box(206, 54, 128, _HEIGHT, _PROGRAM, "program", "process 1")
    picture.text(478, 80, "hears it, and finishes", size=12)
    picture.arrow(584, 84, 640, 84)
    picture.labelled_box(642, 54, 166, _HEIGHT, _ENDED, "exit code 0", "at once")
    picture.labelled_box(206, 54 + _ROW, 128, _HEIGHT, _SHELL, "shell", "process 1")
    picture.text(394, 206, "✗", size=16)
    picture.text(394, 240, "not passed on", size=12)
    picture.arrow(346, 222, 440, 222)
    picture.labelled_box(442, 54 + _ROW, 128, _HEIGHT, _PROGRAM, "program", "a child")
    picture.arrow(584, 222, 640, 222)
    picture.labelled_box(642, 54 + _ROW, 166, _HEIGHT, _KILLED, "exit code 137", "SIGKILL after 10 s")
    return picture
