"""The way of a command: client, daemon, containerd, runc, container."""

from __future__ import annotations

from typing import Final

from course.views.svg import Picture

_CLIENT: Final = "#ffd58a"
_ENGINE: Final = "#9ecbff"
_CONTAINER: Final = "#b7e4c7"
_REGISTRY: Final = "#d0d7de"
_HEIGHT: Final = 56


def architecture() -> Picture:
    """Draw which program asks which, from the command to the program in the container."""
    picture = Picture(
        860,
        330,
        "From a command to a container",
        "The command docker and docker-py are clients. Both send HTTP requests through a socket to dockerd, the "
        "daemon, which knows images, containers, networks and volumes. dockerd pulls images from a registry and pushes "
        "images to it. It asks containerd to run a container. containerd starts a shim for each container. The shim "
        "calls runc, which starts the container and exits. The shim stays and watches the container's process 1.",
    )
    picture.box(270, 36, 390, 284, "none", dashes="6 3")
    picture.text(95, 26, "clients", bold=True)
    picture.text(465, 26, "Docker Engine", bold=True)
    picture.labelled_box(20, 56, 150, _HEIGHT, _CLIENT, "docker", "the command")
    picture.labelled_box(20, 156, 150, _HEIGHT, _CLIENT, "docker-py", "this notebook")
    picture.labelled_box(290, 56, 150, _HEIGHT, _ENGINE, "dockerd", "the daemon")
    picture.arrow(170, 76, 290, 76)
    picture.arrow(170, 176, 300, 112)
    picture.text(220, 50, "HTTP requests", size=12)
    picture.text(206, 126, "through", size=12)
    picture.text(200, 140, "a socket", size=12)
    picture.labelled_box(700, 56, 150, _HEIGHT, _REGISTRY, "registry", "stores images")
    picture.arrow(440, 76, 700, 76)
    picture.arrow(700, 96, 440, 96)
    picture.text(600, 70, "push", size=12)
    picture.text(600, 112, "pull", size=12)
    picture.arrow(365, 112, 365, 156)
    picture.text(375, 138, "run a container", size=12, anchor="start")
    picture.labelled_box(290, 156, 150, _HEIGHT, _ENGINE, "containerd", "runs containers")
    picture.arrow(365, 212, 365, 250)
    picture.text(355, 236, "one each", size=12, anchor="end")
    picture.labelled_box(290, 250, 150, _HEIGHT, _ENGINE, "shim", "stays beside it")
    picture.arrow(440, 262, 500, 222)
    picture.text(462, 226, "calls", size=12)
    picture.labelled_box(500, 180, 150, _HEIGHT, _ENGINE, "runc", "starts it, and exits")
    picture.arrow(650, 222, 720, 250)
    picture.labelled_box(700, 250, 150, _HEIGHT, _CONTAINER, "container", "your program")
    picture.arrow(440, 292, 700, 292)
    picture.text(560, 286, "watches process 1", size=12)
    return picture
