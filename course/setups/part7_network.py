"""Set-up of Part 7 on names: a server, and a container that asks for it by name from another network."""

from __future__ import annotations

from typing import Final

import docker
from docker.errors import NotFound

from course import run
from course.setups.dice import chance
from course.setups.part2 import SERVER, asking, build, remove
from course.show import Shown

_PLACES: Final = ("cellar", "cloister", "garden", "gallery", "harbour", "library", "orchard", "tower")

# wget of BusyBox has no time limit for looking a name up, so `timeout` gives one to the whole.
_ASK: Final = """\
#!/bin/sh
while true; do
    if timeout 2 wget -q -O /dev/null "http://$BACKEND/"; then
        echo "answer from $BACKEND"
    else
        echo "no answer from $BACKEND"
    fi
    sleep 0.5
done
"""


def networks() -> tuple[str, str]:
    """Return the two networks of exercise ``unresolved``: the stock's, and the one on which the asker was put."""
    first, second = chance("networks").sample(_PLACES, 2)
    return run.name(first), run.name(second)


def asker_files() -> dict[str, str]:
    """Return the files of exercise ``unresolved``'s image, by name."""
    return asking("ask", _ASK)


def cut_wire(client: docker.DockerClient) -> Shown:
    """Plant ``unresolved``: a server on one network, and a container that asks for it by name on another one."""
    asker, stock = run.name("asker"), run.name("stock")
    for name in (asker, stock):
        remove(client, name)
    for name in networks():
        make_network(client, name)
    build(client, asker_files(), asker)
    client.containers.run(SERVER, name=stock, labels=run.labels(), detach=True, network=networks()[0])
    client.containers.run(
        asker,
        name=asker,
        labels=run.labels(),
        init=True,
        detach=True,
        network=networks()[1],
        environment={"BACKEND": stock},
    )
    return Shown(f"The container {asker} asks http://{stock}/ twice a second.")


def make_network(client: docker.DockerClient, name: str, *, internal: bool = False) -> None:
    """Make a network, unless it is there: the student's own containers may be on it."""
    try:
        client.networks.get(name)
    except NotFound:
        client.networks.create(name, labels=run.labels(), internal=internal)
