"""Kinds of requests: the gate holds looks and streams, and awaits or cancels work."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import Enum

from autograder.gateway.route import Route


class Kind(Enum):
    """How a request is treated when the gate shuts."""

    LOOK = "look"
    """It changes nothing. An answer that has not begun is asked for again later; one that has begun is held back."""
    STREAM = "stream"
    """It passes on what a container says: attach, start of an exec, wait. It is held back in both directions."""
    CONTAINER = "container"
    """It changes one container that was there when it came: start, stop, rm. It is awaited and then cancelled. The
    Engine does not give up all of these (a stop goes on); what is left can do no more than the container itself can."""
    WORK = "work"
    """It changes anything else: builds, pulls, commits, archives. It is awaited and then cancelled, and the gate counts
    as shut only once the Engine has ended it."""


_STREAMS = ("/containers/{container}/attach", "/containers/{container}/wait", "/exec/{exec}/start")
_NOT_ITS_OWN = (
    "/containers/{container}/exec",
    "/containers/{container}/archive",
    # Waits for as long as something else happens to the container. Late, it would put another in the place of one that
    # a check has looked at, or change the limits of one.
    "/containers/{container}/rename",
    "/containers/{container}/update",
)


def kind(route: Route) -> Kind:
    """Return the kind of the requests of a route."""
    if route.method in ("GET", "HEAD"):
        return Kind.LOOK
    if route.path in _STREAMS:
        return Kind.STREAM
    if ("{container}" in route.path or "{exec}" in route.path) and route.path not in _NOT_ITS_OWN:
        return Kind.CONTAINER
    return Kind.WORK


_NAMES = {
    "/build": "build",
    "/session": "build",
    "/grpc": "build",
    "/images/create": "pull or import",
    "/images/load": "load",
    "/images/{image}/push": "push",
    "/commit": "commit",
    "/containers/{container}/archive": "copy into a container",
    "/containers/{container}/rename": "rename of a container",
    "/containers/{container}/update": "change of a container's settings",
}


def name(route: Route) -> str:
    """Return what a student calls a request of this route."""
    return _NAMES.get(route.path, f"request ({route.method} {route.path})")


def sentence(what: str) -> str:
    """Return what the student reads when a request is cancelled."""
    return (
        f"This {what} was still under way when the check began, and was cancelled: "
        "wait for it to finish before the cell ends."
    )


def left_over(what: str) -> str:
    """Why no check can run."""
    return f"The Engine was still busy with a {what} that this notebook started, and the work could not be cancelled."


@dataclass(eq=False)
class Underway:
    """One request that the Engine has, or gets now."""

    kind: Kind
    sentence: str
    """What the client reads if it is cancelled."""
    left: str
    """Why no check can run if it cannot be cancelled."""
    buildkit: bool
    task: asyncio.Task[object]
    shuts: int
    """How often the gate had been shut when the request passed it."""
    cancelled: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the Engine is done with the request."""

    def cancel(self) -> None:
        """Interrupt its task, which ends the request and tells the client why."""
        if not self.cancelled:
            self.cancelled = True
            self.task.cancel()
