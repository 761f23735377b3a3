"""The life cycle of a container, with the state lit in which it is now."""

from __future__ import annotations

from typing import Final

import docker

from course import facts
from course.engine import connect
from course.facts import Container
from course.views.svg import INK, Picture

_LIT: Final = "#ffd58a"
_DIM: Final = "#d0d7de"

# state: (x, y) of its box. "removed" is no state of the Engine's: the container is gone.
_PLACES: Final = {
    "created": (16, 60),
    "running": (216, 60),
    "exited": (416, 60),
    "removed": (616, 60),
    "paused": (216, 180),
}
_WIDTH, _HEIGHT = 110, 44
_STEPS: Final = (
    ("created", "running", "start"),
    ("running", "exited", "stop, kill"),
    ("exited", "removed", "rm"),
)
_SAME: Final = {"restarting": "running", "dead": "exited", "removing": "exited"}


def life_cycle(name: str, client: docker.DockerClient | None = None) -> Picture:
    """Draw the states of a container's life; the one in which the container ``name`` is now is lit.

    A container that is not there is shown as removed.
    """
    return draw(name, facts.container(client or connect(), name))


def draw(name: str, container: Container | None) -> Picture:
    """Draw the life cycle of a container that was read already."""
    state = "removed" if container is None else _SAME.get(container.state.status, container.state.status)
    sentence = f"{name} does not exist." if container is None else f"{name} is {container.state.status} now."
    if container is not None and state == "exited":
        sentence = f"{name} has exited with code {container.state.exit_code}."
    way = "create, start, then pause and unpause or not, then stop or kill, start again, or remove."
    picture = Picture(742, 262, f"Life cycle of {name}", f"{sentence} The way of a container: {way}")
    picture.text(16, 26, sentence, anchor="start", size=15, bold=True, room=700)
    for place, (x, y) in _PLACES.items():
        lit = place == state
        picture.box(x, y, _WIDTH, _HEIGHT, _LIT if lit else _DIM, border=3 if lit else 1)
        picture.text(x + _WIDTH / 2, y + 27, place, fill=INK, bold=lit)
    for source, target, step in _STEPS:
        (x1, y), (x2, _) = _PLACES[source], _PLACES[target]
        picture.arrow(x1 + _WIDTH, y + 14, x2, y + 14)
        picture.text((x1 + _WIDTH + x2) / 2, y + 8, step, size=12)
    x, y = _PLACES["exited"]
    picture.arrow(x, y + 34, x - 90, y + 34)
    picture.text(x - 45, y + 50, "start", size=12)
    x, y = _PLACES["running"]
    picture.arrow(x + 40, y + _HEIGHT, x + 40, 180)
    picture.arrow(x + 70, 180, x + 70, y + _HEIGHT)
    picture.text(x + 34, y + 84, "pause", size=12, anchor="end")
    picture.text(x + 76, y + 84, "unpause", size=12, anchor="start")
    return picture
