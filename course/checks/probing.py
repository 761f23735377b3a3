"""Probing what runs: twice with a gap, and with enough patience for a server that has just been started."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable

from docker import DockerClient
from docker.errors import APIError

from course import facts
from course.facts import Container
from course.facts.http import Reply, fetch
from course.facts.values import when

START_TIMEOUT = 5.0
"""Seconds that a server may take until it answers."""
SETTLE_SECONDS = 0.6
"""Seconds between two probes, in which something could still fall over."""
_UNDER_WAY = 0.3
"""Seconds in which what a paused container had begun reaches whoever looks."""
_AT_LOCALHOST = ("127.0.0.1", "0.0.0.0", "")  # noqa: S104 - compared with, not listened at
"""The addresses of a published port that are served at 127.0.0.1; empty is every address."""


def eventually(probe: Callable[[], bool], seconds: float = START_TIMEOUT) -> bool:
    """Try until ``probe`` is true; False if it was not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not probe():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.2)
    return True


def answers_twice(port: int, path: str = "/") -> Reply:
    """Return the answer of a second request, sent a little after the first one that was answered."""
    if eventually(lambda: fetch(port, path).status is not None):
        time.sleep(SETTLE_SECONDS)
    return fetch(port, path)


def is_loopback(address: str) -> bool:
    """Tell whether only this machine itself reaches the address."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def log_lines(client: DockerClient, container_id: str, since: float | None = None) -> list[str]:
    """Return the last lines that the container's program wrote, if ``since`` is given those after that Engine time.

    There are none if the container's log driver keeps none.
    """
    try:
        return client.api.logs(container_id, tail=1000, since=since).decode("utf-8", "replace").splitlines()
    except APIError:
        return []


def last_lines(client: DockerClient, container_id: str, count: int = 2) -> str:
    """Return the last lines of a container's log in one line, cut, for people."""
    return " / ".join(log_lines(client, container_id)[-count:])[:300] or "nothing"


def engine_time(client: DockerClient) -> float:
    """Return the time by the Engine's clock, in seconds since 1970."""
    return when(client.info()["SystemTime"]) or time.time()


def places(container: Container) -> str:
    """Return where a container is published, for people."""
    shown = [f"{address}:{port} → {inside}" for inside, address, port in container.ports]
    return ", ".join(shown) or "nowhere"


def loopback_ports(container: Container, inside: int | None = None) -> tuple[int, ...]:
    """Return the ports of 127.0.0.1 at which the container itself is published: all, or those of one port inside.

    At other addresses of this machine, 127.0.0.2 among them, the same port number may be another container's.
    """
    return tuple(
        dict.fromkeys(
            port
            for place, address, port in container.ports
            if address in _AT_LOCALHOST and inside in (None, int(place.partition("/")[0]))
        )
    )


def loopback_port(container: Container, inside: int | None = None) -> int | None:
    """Return the first port of 127.0.0.1 at which the container itself is published, or None.

    That of the port ``inside`` goes first: others may be published beside it, and nothing answers there.
    """
    return next(iter((*loopback_ports(container, inside), *loopback_ports(container))), None)


def answering_port(container: Container, path: str = "/") -> int | None:
    """Return the port of 127.0.0.1 at which the container answers with status 200.

    Otherwise the first at which it is published, or None.
    """
    ports = loopback_ports(container)
    if len(ports) > 1:
        eventually(lambda: any(fetch(port, path).ok for port in ports))
    return next((port for port in ports if len(ports) > 1 and fetch(port, path).ok), loopback_port(container))


def still_running(client: DockerClient, name: str) -> Container | None:
    """Return the container if it runs, and still does after a moment."""
    container = facts.container(client, name)
    if container is not None and container.running:
        time.sleep(SETTLE_SECONDS)
        container = facts.container(client, container.id)
    return container if container is not None and container.running else None


def becomes(
    client: DockerClient,
    container_id: str,
    wanted: Callable[[Container], object],
    seconds: float = START_TIMEOUT,
) -> bool:
    """Tell whether the container comes into the condition that is wanted in time."""

    def is_so() -> bool:
        container = facts.container(client, container_id)
        return container is not None and bool(wanted(container))

    return eventually(is_so, seconds)


def is_healthy(container: Container) -> bool:
    """Tell whether the container runs, and its health check says that it is healthy."""
    return container.running and container.state.health == "healthy"


def stops_while_paused(client: DockerClient, container: str, goes_on: Callable[[], bool]) -> bool:
    """Tell whether something is this container's doing: while it is paused, ``goes_on`` must not be true.

    False as well if the container cannot be paused.
    """
    try:
        client.api.pause(container)
    except APIError:
        return False
    try:
        time.sleep(_UNDER_WAY)
        return not goes_on()
    finally:
        client.api.unpause(container)
